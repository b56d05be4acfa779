"""The consent text that raters agree to before their first judgement."""

from django.db import migrations

BODY = """\
Your judgements, and the reasons you give for them, are stored with the time they took and the order in which you saw \
the works. They are used to compare the works, to train and to test models, and may be published as a dataset.

You appear in such a dataset under a pseudonym that is new for every release. Your name and address never leave this \
site.

You may stop at any time. You may ask the person who invited you to have your judgements withdrawn; releases made \
after that will not hold them. Releases made before cannot be called back from those who have them.

Please judge alone, and tell nobody which works you saw."""


def write(apps, schema_editor):
    apps.get_model("people", "ConsentText").objects.get_or_create(version=1, defaults={"body": BODY})


def remove(apps, schema_editor):
    apps.get_model("people", "ConsentText").objects.filter(version=1, consents__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(write, remove)]
