"""One case from its report to the words that it is put right, as stories begin."""

from stage import HERE, photo

from models.cases.tables import Case

WORDS = "路边的井盖坏了，一走就响，怕摔着人"


async def report(phone, words=WORDS):
    """Report without a photo, and return the case."""
    await phone.locate(*HERE)
    await phone.say(words)
    await phone.say("提交")
    return await Case.all().order_by("-id").first()


async def put_right(stage, case):
    """Let the case be taken, handed back and passed; return it as it was given."""
    officer, dispatcher = await stage.officer(), await stage.dispatcher()
    await officer.say(f"接单 {case.number}")
    await officer.say(f"办结 {case.number} 换了新的")
    await officer.photo(photo("修好"))
    await dispatcher.say(f"通过 {case.number}")
    await stage.run_jobs()
    return case


async def closed(stage, phone):
    """A case of this person that was put right and waits for the verdict."""
    return await put_right(stage, await report(phone))
