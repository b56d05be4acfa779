from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('works', '0004_withdrawn_works'),
    ]

    operations = [
        migrations.AddField(
            model_name='prompt',
            name='reference',
            field=models.CharField(blank=True, help_text='The id of the work of this prompt that raters may hear beside those they judge.', max_length=200),
        ),
    ]
