"""Home, sign-in and health."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
