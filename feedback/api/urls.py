"""Version 1."""

from django.urls import path

from feedback.api import builds, docs, fits, judgements, prompts, releases, studies, uploads, works

urlpatterns = [
    path("", docs.page, name="api"),
    path("openapi.json", docs.OpenApi.as_view(), name="api_schema"),
    path("studies/", studies.Studies.as_view(), name="api_studies"),
    path("studies/<slug:slug>/", studies.OneStudy.as_view(), name="api_study"),
    path("studies/<slug:slug>/prompts/", prompts.Prompts.as_view(), name="api_prompts"),
    path("studies/<slug:slug>/works/", works.Works.as_view(), name="api_works"),
    path("studies/<slug:slug>/judgements/", judgements.Judgements.as_view(), name="api_judgements"),
    path("studies/<slug:slug>/judgements.ndjson", judgements.JudgementLines.as_view(), name="api_judgement_lines"),
    path("studies/<slug:slug>/fits/", fits.Fits.as_view(), name="api_fits"),
    path("studies/<slug:slug>/fits/<int:number>/", fits.OneFit.as_view(), name="api_fit"),
    path("studies/<slug:slug>/standings/", studies.Standings.as_view(), name="standings"),
    path("uploads/", uploads.Uploads.as_view(), name="api_uploads"),
    path("uploads/<uuid:public_id>/", uploads.OneUpload.as_view(), name="api_upload"),
    path("builds/<uuid:public_id>/", builds.OneBuild.as_view(), name="api_build"),
    path("releases/", releases.Releases.as_view(), name="api_releases"),
    path("releases/<uuid:public_id>/", releases.OneRelease.as_view(), name="api_release"),
    path("releases/<uuid:public_id>/files/", releases.ReleaseFiles.as_view(), name="api_release_files"),
    path("releases/<uuid:public_id>/files/<path:path>", releases.OneReleaseFile.as_view(), name="api_release_file"),
    path("releases/<uuid:public_id>/archive/", releases.ReleaseArchive.as_view(), name="api_release_archive"),
    path("<path:path>", docs.Nowhere.as_view(), name="api_nowhere"),
]
