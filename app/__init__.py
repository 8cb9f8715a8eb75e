"""The web application of Tiêu Biểu; ``app.factory.create_app`` is its door."""
