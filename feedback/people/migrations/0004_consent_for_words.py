"""Raters choose, apart from the consent text, whether their own sentences may leave with releases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_every_medium")]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="words",
            field=models.BooleanField(
                default=False, help_text="Whether the rater's own sentences may leave with releases."
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="words_until",
            field=models.DateTimeField(blank=True, help_text="When the rater last took them back.", null=True),
        ),
    ]
