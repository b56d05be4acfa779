import django.db.models.deletion
from django.db import migrations, models

import feedback.people.models


class Migration(migrations.Migration):
    dependencies = [
        ("judging", "0002_every_medium"),
        ("studies", "0002_every_medium"),
        ("works", "0002_every_medium"),
    ]

    operations = [
        migrations.CreateModel(
            name="Example",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=feedback.people.models.random_id, editable=False, unique=True)),
                ("shows", models.CharField(choices=[("strong", "Strong"), ("weak", "Weak")], max_length=6)),
                ("note", models.TextField(blank=True, help_text="Why, as raters read it.")),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="examples", to="studies.criterion"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="examples", to="works.work"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("criterion", "work"), name="example_once_per_criterion"),
                    models.CheckConstraint(
                        condition=models.Q(("shows__in", ["strong", "weak"])), name="example_shows_known"
                    ),
                ],
            },
        ),
    ]
