"""The API as a program uses it; every answer is compared with the OpenAPI document."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session
from werkzeug.test import TestResponse

from service import create_app
from service.config import Settings
from service.tokens import create_token
from tests.support.office import TODAY, Office, open_office

PREFIX = "/api/v1"


@dataclass
class Program:
    """A program with a token; `answered` is every answer it got."""

    client: FlaskClient
    document: dict[str, Any]
    token: str | None = None
    answered: list[TestResponse] = field(default_factory=list)

    def get(self, path: str, **query: Any) -> TestResponse:
        """Ask for a path under /api/v1."""
        return self._send("get", path, query_string=query)

    def post(self, path: str, body: Any) -> TestResponse:
        """Send JSON to a path under /api/v1."""
        return self._send("post", path, json=body)

    def _send(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        response = getattr(self.client, method)(PREFIX + path, headers=headers, **more)
        self.answered.append(response)
        self._compare(method, path, response)
        return response

    def _compare(self, method: str, path: str, response: TestResponse) -> None:
        operation = self._operation(method, path)
        assert str(response.status_code) in operation["responses"], response.text
        described = operation["responses"][str(response.status_code)]
        schema = described["content"]["application/json"]["schema"]
        whole = {**schema, "components": self.document["components"]}
        jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(response.json)

    def _operation(self, method: str, path: str) -> dict[str, Any]:
        for template, methods in self.document["paths"].items():
            pattern = re.sub(r"\{\w+\}", "[^/]+", template)
            if re.fullmatch(pattern, PREFIX + path) and method in methods:
                return methods[method]  # type: ignore[no-any-return]
        raise AssertionError(f"{method} {path} is not in the document")


@pytest.fixture
def office(session: Session) -> Office:
    return open_office(session)


@pytest.fixture
def app(engine: Engine, settings: Settings, office: Office) -> Flask:
    """The application on the test's database, on a fixed day."""
    app = create_app(settings, engine)
    app.config["TODAY"] = TODAY
    return app


@pytest.fixture
def program(app: Flask, office: Office) -> Callable[[str | None], Program]:
    """A program that acts for a person of the office, or for nobody."""
    document = app.test_client().get(f"{PREFIX}/openapi.json").json
    assert document is not None

    def make(name: str | None) -> Program:
        token = None
        if name is not None:
            user = office.users[name]
            user.language = "en"
            token = create_token(office.session, user, "test")
            office.session.commit()
        return Program(app.test_client(), document, token)

    return make
