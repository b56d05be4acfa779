"""The second consent text: judgements leave, the rater's own sentences only where they choose so."""

from django.db import migrations

BODY = """\
Your judgements are stored with the time they took, the order in which you saw the works, and the reasons you give for \
them. They are used to compare the works, to train and to test models, and may be published as a dataset.

You appear in such a dataset under a pseudonym that is new for every release. Your name and address never leave this \
site, nor do the sentences and notes that you write, unless you choose so below.

You may stop at any time and have your judgements in a study withdrawn, at your desk: datasets made before are no \
longer handed out, and those made after do not hold them. Copies that somebody has taken already cannot be called back.

Please judge alone, and tell nobody which works you saw."""


def write(apps, schema_editor):
    apps.get_model("people", "ConsentText").objects.get_or_create(version=2, defaults={"body": BODY})


def remove(apps, schema_editor):
    apps.get_model("people", "ConsentText").objects.filter(version=2, consents__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0004_consent_for_words")]
    operations = [migrations.RunPython(write, remove)]
