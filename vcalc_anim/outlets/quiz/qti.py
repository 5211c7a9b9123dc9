"""Questions as a QTI 2.1 package: a manifest, a test that holds them in order, and one file for each question."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from vcalc_anim.outlets.quiz import common
from vcalc_anim.outlets.quiz.item import LETTERS, QuizItem
from vcalc_anim.outlets.quiz.markup import html

_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_QTI_PLACE = f"{_QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_CP_PLACE = f"{_CP} http://www.imsglobal.org/xsd/imscp_v1p1.xsd"
_MANIFEST = """\
<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="{cp}" {xsi} xsi:schemaLocation="{place}" identifier="{id}">
  <metadata>
    <schema>QTIv2.1 Package</schema>
    <schemaversion>1.0.0</schemaversion>
  </metadata>
  <organizations/>
  <resources>
{resources}
  </resources>
</manifest>
"""
_RESOURCE = """\
    <resource identifier="{id}" type="{type}" href="{href}">
{inside}
    </resource>"""
_TEST = """\
<?xml version="1.0" encoding="UTF-8"?>
<assessmentTest xmlns="{qti}" {xsi} xsi:schemaLocation="{place}" identifier="{id}" title="{title}">
  <testPart identifier="part" navigationMode="nonlinear" submissionMode="individual">
    <itemSessionControl showFeedback="true"/>
    <assessmentSection identifier="section" title="{title}" visible="true">
{items}
    </assessmentSection>
  </testPart>
</assessmentTest>
"""
_ITEM = """\
<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="{qti}" {xsi} xsi:schemaLocation="{place}" identifier="{id}" title="{title}" \
adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
    <correctResponse>
      <value>{right}</value>
    </correctResponse>
  </responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float">
    <defaultValue>
      <value>0</value>
    </defaultValue>
  </outcomeDeclaration>
  <outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"/>
  <itemBody>
    <p>{question}</p>
{picture}\
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">
{choices}
    </choiceInteraction>
  </itemBody>
  <responseProcessing>
    <responseCondition>
      <responseIf>
        <match>
          <variable identifier="RESPONSE"/>
          <correct identifier="RESPONSE"/>
        </match>
        <setOutcomeValue identifier="SCORE">
          <baseValue baseType="float">1</baseValue>
        </setOutcomeValue>
      </responseIf>
    </responseCondition>
    <setOutcomeValue identifier="FEEDBACK">
      <variable identifier="RESPONSE"/>
    </setOutcomeValue>
  </responseProcessing>
{feedback}
</assessmentItem>
"""


def write_qti(
    items: Sequence[QuizItem], path: Path, title: str, pictures: common.Pictures | None = None
) -> None:
    """Write *items* to *path* (a zip file) as a QTI 2.1 package; formulas are MathML.

    Options stay in their order (``shuffle`` is off) and are named by their letters; the feedback of the option
    chosen is modal. A question about a picture that *pictures* (PNG by question id) lacks is left out; see
    :func:`vcalc_anim.outlets.quiz.formats.left_out`.

    Raises:
        InputError: a question that cannot be handed out, with its place.
        WorkError: the file cannot be written.
    """
    common.check(items, title)
    kept, _ = common.with_pictures(items, pictures)
    names = [common.identifier(item.id) for item in kept]
    entries: dict[str, bytes] = {"imsmanifest.xml": b"", "test.xml": _test(names, title).encode()}
    resources = [_test_resource(names)]
    for item, name in zip(kept, names, strict=True):
        entries[f"items/{name}.xml"] = _item(item, name).encode()
        files = [f"items/{name}.xml"]
        if item.picture is not None:
            files.append(f"items/{name}.png")
            entries[files[-1]] = (pictures or {})[item.id]
        resources.append(_resource(name, "imsqti_item_xmlv2p1", files, ()))
    manifest = _MANIFEST.format(
        cp=_CP, xsi=_XSI, place=_CP_PLACE, id=f"m-{_package(names, title)}", resources="\n".join(resources)
    )
    entries["imsmanifest.xml"] = manifest.encode()
    common.write_archive(path, entries)


def _package(names: Sequence[str], title: str) -> str:
    return common.digest(title, *names)[:20]


def _test(names: Sequence[str], title: str) -> str:
    items = "\n".join(
        f'      <assessmentItemRef identifier="{name}" href="items/{name}.xml"/>' for name in names
    )
    identifier = f"test-{_package(names, title)}"
    return _TEST.format(
        qti=_QTI, xsi=_XSI, place=_QTI_PLACE, id=identifier, title=_attribute(title), items=items
    )


def _test_resource(names: Sequence[str]) -> str:
    return _resource("test", "imsqti_test_xmlv2p1", ["test.xml"], names)


def _resource(name: str, kind: str, files: Sequence[str], needs: Sequence[str]) -> str:
    inside = [f'      <file href="{file}"/>' for file in files]
    inside += [f'      <dependency identifierref="r-{need}"/>' for need in needs]
    return _RESOURCE.format(id=f"r-{name}", type=kind, href=files[0], inside="\n".join(inside))


def _item(item: QuizItem, name: str) -> str:
    lettered = list(zip(LETTERS, item.options, strict=False))
    picture = f'    <p><img src="{name}.png" alt="{escape(common.alternative(item))}"/></p>\n'
    choices = (
        f'      <simpleChoice identifier="{letter}" fixed="true">{html(option.text)}</simpleChoice>'
        for letter, option in lettered
    )
    feedback = (
        f'  <modalFeedback outcomeIdentifier="FEEDBACK" identifier="{letter}" showHide="show">'
        f"<p>{html(option.feedback)}</p></modalFeedback>"
        for letter, option in lettered
        if option.feedback
    )
    return _ITEM.format(
        qti=_QTI,
        xsi=_XSI,
        place=_QTI_PLACE,
        id=name,
        title=_attribute(item.id),
        right=item.letter,
        question=html(item.question),
        picture=picture if item.picture is not None else "",
        choices="\n".join(choices),
        feedback="\n".join(feedback),
    )


def _attribute(text: str) -> str:
    return escape(" ".join(text.split()))
