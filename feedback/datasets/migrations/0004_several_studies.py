from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("datasets", "0003_terms_of_earlier_releases")]

    operations = [
        migrations.RemoveConstraint("release", "release_once_per_content"),
        migrations.RemoveConstraint("release", "release_view_known"),
        migrations.RemoveConstraint("release", "release_preset_known"),
        migrations.RemoveConstraint("build", "build_state_known"),
        migrations.RemoveIndex("build", "build_newest_first"),
        *(
            migrations.RemoveField(name, field)
            for name in ("release", "build")
            for field in ("study", "view", "preset", "purpose", "criterion", "rationales")
        ),
        migrations.AlterField(
            "release",
            "digest",
            models.CharField(help_text="Of its terms, facts and rows before pseudonyms.", max_length=64, unique=True),
        ),
        migrations.AddIndex("build", models.Index(fields=["-asked_at"], name="build_newest_first")),
        migrations.AddIndex("release", models.Index(fields=["series", "-id"], name="release_newest_of_series")),
        migrations.AddConstraint(
            "build",
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "ready", "failed", "cancelled"]),
                name="build_state_known",
            ),
        ),
        migrations.AddConstraint(
            "release",
            models.UniqueConstraint(fields=["series", "version"], name="release_once_per_version"),
        ),
    ]
