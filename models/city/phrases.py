"""Reads faq.toml and words.toml: our answers, the dangers, what is not ours, and words for the dictionary."""

from models.city.city import AnswerTemplate, Elsewhere, Emergency, Faq, LawRef
from models.city.documents import Document


def read_faq(document: Document, scope: tuple[str, ...]) -> tuple[Faq, ...]:
    """Return the questions with their answers; a law from outside ``scope`` is noted as a mistake."""
    found: dict[str, Faq] = {}
    for row in document.rows("faq"):
        told = row.data
        if told["code"] in found:
            row.fault(f"问答编号“{told['code']}”重复", "code")
            continue
        for index, ref in enumerate(told.get("refs", ())):
            if scope and ref["scope"] not in scope:
                row.fault(
                    f"“{ref['law']}”只在{ref['scope']}有效，本地适用：{'、'.join(scope)}", "refs", index
                )
        found[told["code"]] = Faq(
            code=told["code"],
            topic=told["topic"],
            question=told["question"],
            variants=row.texts("variants"),
            answer=told["answer"].strip(),
            refs=tuple(LawRef(r["law"], r.get("article"), r["scope"]) for r in told.get("refs", ())),
            note=told.get("note", ""),
        )
    return tuple(found.values())


def read_emergencies(document: Document, types: set[str] | None) -> tuple[Emergency, ...]:
    """Return the dangers in the order in which they are looked for; unknown case types are noted."""
    found: list[Emergency] = []
    groups = {f"{{{name}}}": words for name, words in document.data.get("emergency_groups", {}).items()}
    for row in document.rows("emergency"):
        told = row.data
        kind = told.get("case_type", "")
        if types is not None and kind and kind not in types:
            row.fault(f"案件类别“{kind}”不存在", "case_type")
        found.append(
            Emergency(
                name=told["name"],
                words=tuple(_written_out(word, groups) for word in row.texts("words")),
                unless=row.texts("unless"),
                tell=told["tell"].strip(),
                case_type=kind,
                type_from_words=told.get("type_from_words", False),
                lasting=told.get("lasting", False),
                threat=told.get("threat", False),
            )
        )
    return tuple(found)


def _written_out(word: str, groups: dict[str, str]) -> str:
    """Return the word with the words of a group for its name: 「{人}…咬」."""
    for name, words in groups.items():
        word = word.replace(name, words)
    return word


def read_elsewhere(document: Document) -> tuple[Elsewhere, ...]:
    """Return what is not ours, in the order of the file."""
    return tuple(
        Elsewhere(row.data["name"], row.texts("words"), row.data["tell"].strip())
        for row in document.rows("elsewhere")
    )


def read_templates(document: Document, types: set[str] | None) -> tuple[AnswerTemplate, ...]:
    """Return the templates of answers in the order of the file; types that lead nowhere are noted."""
    for row in document.rows("template"):
        for index, code in enumerate(row.data.get("types", ())):
            if types is not None and code not in types:
                row.fault(f"案件类别“{code}”不存在", "types", index)
    return tuple(
        AnswerTemplate(row.texts("steps"), row.data["label"], row.data["text"].strip(), row.texts("types"))
        for row in document.rows("template")
    )
