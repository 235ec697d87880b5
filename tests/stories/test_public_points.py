"""What anybody may read of where people live: the square and the road, on both databases, through the real door."""

import aiohttp
from stage import HERE, photo

from models.cases.tables import Case
from models.city.city import GcjPoint, Wgs84Point
from models.city.coordinates import metres_between, wgs_to_gcj


async def test_open311_shows_the_square_and_measures_from_it(stage):
    phone = await stage.citizen()
    await phone.photo(photo("井盖"))
    await phone.locate(*HERE, "胡埭路125号3幢502")
    await phone.say("井盖坏了")
    await phone.say("提交")
    case = await Case.all().first()
    async with aiohttp.ClientSession(stage.address) as session:
        answer = await session.get("/open311/v2/requests.json")
        (row,) = await answer.json()
        assert row["service_request_id"] == case.number
        assert not any(part in row["address"] for part in ("125", "3幢", "502"))
        shown = wgs_to_gcj(Wgs84Point(row["lat"], row["long"]))
        assert 0.5 < metres_between(shown, GcjPoint(case.lat, case.lng)) < 36
        there = {"lat": str(row["lat"]), "long": str(row["long"]), "radius": "1"}
        found = await (await session.get("/open311/v2/requests.json", params=there)).json()
        assert [one["service_request_id"] for one in found] == [case.number]
