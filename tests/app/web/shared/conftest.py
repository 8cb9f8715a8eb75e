"""A small application that has nothing but the design system."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_wtf import CSRFProtect

import app as package
from app.web.shared.assets import assets_bp
from app.web.shared.fonts import build_fonts

ROOT = Path(package.__file__ or "").parent


@pytest.fixture(scope="session")
def fonts_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder whose screen fonts are cut."""
    home = tmp_path_factory.mktemp("instance")
    build_fonts(home / "static" / "fonts")
    return home


@pytest.fixture
def site(fonts_home: Path) -> Flask:
    """The application; its address `/` shows the pattern page under the strict content policy."""
    from flask import Response, render_template

    from app.web.shared.patterns import pattern_context

    made = Flask(
        "patterns", root_path=str(ROOT), instance_path=str(fonts_home), template_folder="templates", static_folder="static"
    )
    made.config.update(SECRET_KEY="only for tests", TESTING=True)
    made.jinja_env.trim_blocks = made.jinja_env.lstrip_blocks = True
    Babel(made, default_locale="vi")
    CSRFProtect(made)
    made.register_blueprint(assets_bp)
    made.add_url_rule("/", "patterns", lambda: render_template("shared/patterns.html", **pattern_context()))

    @made.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'"
        )
        return response

    return made


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A browser without a name."""
    return site.test_client()
