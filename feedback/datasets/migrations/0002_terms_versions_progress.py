import django.db.models.deletion
from django.db import migrations, models

import feedback.datasets.models


class Migration(migrations.Migration):

    dependencies = [
        ("datasets", "0001_initial"),
        ("people", "0001_initial"),
        ("studies", "0001_initial"),
        ("works", "0001_initial"),
    ]

    operations = [
        *(
            operation
            for name in ("release", "build")
            for operation in (
                migrations.AddField(
                    name, "studies", models.ManyToManyField(related_name="%(class)ss", to="studies.study")
                ),
                migrations.AddField(name, "terms", models.JSONField(default=dict)),
                migrations.AlterField(
                    name,
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="studies.study"
                    ),
                ),
            )
        ),
        migrations.AlterField(
            "release",
            "public_id",
            models.UUIDField(
                editable=False, help_text="Drawn from its digest and the site's secret.", unique=True
            ),
        ),
        migrations.AlterField(
            "release",
            "content_sha256",
            models.CharField(blank=True, help_text="Of its rows as JSONL, whatever the format.", max_length=64),
        ),
        migrations.AddField(
            "release",
            "digest",
            models.CharField(help_text="Of its terms, facts and rows before pseudonyms.", max_length=64, null=True),
        ),
        migrations.AddField(
            "release",
            "series",
            models.CharField(
                default="", help_text="Of the studies and terms that decide which rows there are.", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "release",
            "version",
            models.CharField(default="", help_text="MAJOR.MINOR.PATCH in its series.", max_length=30),
            preserve_default=False,
        ),
        migrations.AddField(
            "release",
            "since",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="successors",
                to="datasets.release",
            ),
        ),
        migrations.AddField(
            "release",
            "works",
            models.ManyToManyField(help_text="Those that are in some row.", related_name="releases", to="works.work"),
        ),
        migrations.AddField(
            "release",
            "raters",
            models.ManyToManyField(
                help_text="Those whose judgements are counted.", related_name="releases", to="people.rater"
            ),
        ),
        migrations.AddField(
            "release",
            "index",
            models.FileField(
                blank=True,
                help_text="The key and hash of each row.",
                max_length=200,
                storage=feedback.datasets.models.releases,
                upload_to="",
            ),
        ),
        migrations.AlterField("releasefile", "view", models.CharField(blank=True, max_length=30)),
        migrations.AddField(
            "releasefile",
            "offset",
            models.PositiveBigIntegerField(
                blank=True,
                help_text="Where its bytes begin in the archive; null where they are packed in it.",
                null=True,
            ),
        ),
        migrations.AddField(
            "build",
            "stage",
            models.CharField(
                blank=True, default="", help_text="What it is at: reading, writing, packing.", max_length=40
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "build",
            "done",
            models.PositiveBigIntegerField(default=0, help_text="Steps of this stage that are behind it."),
        ),
        migrations.AddField(
            "build", "total", models.PositiveBigIntegerField(default=0, help_text="Steps of this stage; 0 is unknown.")
        ),
        migrations.AddField(
            "build", "started_at", models.DateTimeField(blank=True, help_text="When this stage began.", null=True)
        ),
        migrations.AddField(
            "build", "told_at", models.DateTimeField(blank=True, help_text="When it last told how far it is.", null=True)
        ),
        migrations.AlterField(
            "build",
            "state",
            models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("running", "Running"),
                    ("ready", "Ready"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
