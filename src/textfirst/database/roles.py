"""The role our connections step down to."""

APP_ROLE = "textfirst_app"
