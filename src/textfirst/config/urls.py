"""Everything the console answers."""

from __future__ import annotations

from django.urls import include, path

from textfirst.api.docs import asset
from textfirst.api.join_pages import confirm_page, join_page
from textfirst.api.v1 import make_api

urlpatterns = [
    path("api/v1/docs/<str:name>", asset),
    path("api/v1/", make_api().urls),
    path("join/c/<str:token>", confirm_page),
    path("join/<str:slug>", join_page),
    path("_allauth/", include("allauth.headless.urls")),
]

handler400 = "textfirst.api.errors.bad_request"
handler403 = "textfirst.api.errors.forbidden"
handler404 = "textfirst.api.errors.not_found"
handler500 = "textfirst.api.errors.broken"
