"""A thing is worked out once for each city, and forgotten with it."""

import gc
import weakref

from small_city import small_city

from models.classify.remembered import once_per_city


def test_a_city_is_asked_once_and_each_for_itself():
    asked = []
    name = once_per_city(lambda city: asked.append(city.name) or city.name)
    one, other = small_city(), small_city(name="桃源镇")
    assert [name(one), name(one), name(other), name(one)] == ["柳河镇", "柳河镇", "桃源镇", "柳河镇"]
    assert asked == ["柳河镇", "桃源镇"]


def test_a_city_that_is_gone_is_not_kept_alive():
    name = once_per_city(lambda city: city.name)
    city = small_city()
    name(city)
    seen = weakref.ref(city)
    del city
    gc.collect()
    assert seen() is None
    assert name(small_city(name="桃源镇")) == "桃源镇"
