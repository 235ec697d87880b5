"""Links that open a place in the map a phone has."""

from urllib.parse import quote

from models.city.city import GcjPoint

# https://lbs.qq.com/webApi/uriV1/uriGuide/uriWebMarker: GCJ-02, as it is without another coord_type
MARKER = "https://apis.map.qq.com/uri/v1/marker?marker=coord:{lat:.6f},{lng:.6f};title:{title};addr:{address}&referer=gongzhi"
LONGEST = 40  # characters of a title or an address


def map_address(point: GcjPoint, *, title: str, address: str) -> str:
    """Return the address that shows the point in 腾讯地图, with a title and an address beside the pin."""
    told = {"title": _plain(title), "address": _plain(address)}
    return MARKER.format(lat=point.lat, lng=point.lng, **told)


def _plain(words: str) -> str:
    """Return the words as a value of the marker: its own signs end a value, so they go."""
    return quote("".join(char for char in words if char not in ";:,&")[:LONGEST])
