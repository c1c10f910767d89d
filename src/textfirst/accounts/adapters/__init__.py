"""Where accounts meet the libraries that carry them: allauth, the mail seam, the password hasher."""
