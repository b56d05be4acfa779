import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("judging", "0003_examples"),
        ("people", "0005_words_apart"),
        ("studies", "0002_every_medium"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="latest",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                help_text="The newest, which alone counts; none while the rater is withdrawn.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="latest_of",
                to="judging.submission",
            ),
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("withdrawn", "the rater withdrew"),
                            ("erasure", "the rater's answers were erased"),
                            ("quality", "the answers cannot be relied on"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("restored_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="people.rater"
                    ),
                ),
                (
                    "restored_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="withdrawals", to="studies.study"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("restored_at__isnull", True)),
                        fields=("study", "rater"),
                        name="withdrawal_one_live_row",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["withdrawn", "erasure", "quality"])),
                        name="withdrawal_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", "erasure"), _negated=True),
                            ("restored_at__isnull", True),
                            _connector="OR",
                        ),
                        name="withdrawal_erasure_stays",
                    ),
                ],
            },
        ),
    ]
