"""The codes that we print lead where they should, as another library reads them."""

from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from app.adapters import outside
from app.people.permissions import Role
from tests.web.consenting import evidence_ids, make_family, send_file, ways
from tests.web.qr_reading import codes
from tests.web.team import hire
from tests.web.telling import Child, picture


def test_a_card_opens_the_story_and_the_link_beside_it_the_guardians_page(app: Flask, client: FlaskClient) -> None:
    child = Child(client)
    card = child.tell()
    with app.app_context():
        here = outside().settings.public_url
    assert set(codes(child.page)) == {f"{here}/my-story?card={card.digits}{card.check}", here + child.link()}


def test_a_printed_form_is_photographed_for_its_own_story(app: Flask) -> None:
    helper, family, other = hire(app, Role.FACILITATOR), make_family(app), make_family(app)
    helper.get(ways(helper, family)["form"])
    (address,) = codes(helper.page)
    way = urlsplit(address).path
    assert way.startswith("/staff/consent/ask/")
    assert send_file(helper, way, "photo", picture()).location == family.address
    assert (len(evidence_ids(app, family.story_id)), evidence_ids(app, other.story_id)) == (1, [])
