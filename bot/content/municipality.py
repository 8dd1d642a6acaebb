"""What differs between municipalities, as settings with safe defaults.

The keys and their defaults follow the survey of counters (facts/counter.md, section 3) as
refined by the counter rules: where a city has not said how it does something, the
setting is `None` (未確認 in YAML), the safe default applies and the result says so.
The descriptions are the questionnaire that staff answer.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from bot.content.words import IN_JAPANESE, Words

UNCONFIRMED = "未確認"

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


def without_blanks(data: Any) -> Any:
    """A mapping without the keys whose value was left empty: they count as not written."""
    return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


def _true_or_false(value: Any) -> Any:
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("true か false を書いてください")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("日付は 2026-11-22 の形で書いてください")
    return value


# Pydantic alone would also read "yes" and "1" as true, and "1763769600" as a date.
TrueFalse = Annotated[bool, BeforeValidator(_true_or_false)]
Date = Annotated[date, BeforeValidator(_day)]


class Setting(BaseModel):
    """Base of the settings: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _unconfirmed_is_missing(cls, data: Any) -> Any:
        data = without_blanks(data)
        return {key: value for key, value in data.items() if value != UNCONFIRMED} if isinstance(data, dict) else data


YesNo = TrueFalse | None
Number = int | None
OptionalLine = Line | None


class Office(Setting):
    """One place that citizens can go to."""

    name: Line = Field(description="窓口の名前")
    address: OptionalLine = Field(default=None, description="住所")
    phone: OptionalLine = Field(default=None, description="電話番号")
    hours: OptionalLine = Field(default=None, description="受付時間（利用者に見せる文のまま）")
    latitude: float | None = Field(default=None, description="緯度")
    longitude: float | None = Field(default=None, description="経度")
    handles_reset: YesNo = Field(default=None, description="暗証番号の再設定を扱いますか？")
    handles_proxy: YesNo = Field(default=None, description="代理の手続きを扱いますか？")
    notes: OptionalLine = Field(default=None, description="補足")


class Reservation(Setting):
    need: Literal["none", "recommended", "required"] | None = Field(
        default=None, description="予約は要りますか？（none＝要らない、recommended＝すすめる、required＝必ず要る）"
    )
    url: OptionalLine = Field(default=None, description="予約のページ")
    phone: OptionalLine = Field(default=None, description="予約の電話")
    deadline_business_days: Number = Field(default=None, description="何開庁日前までに予約しますか？")


class Maintenance(Setting):
    third_sat_next_sunday: YesNo = Field(
        default=None, description="第3土曜の翌日の日曜は、システム保守で手続きできませんか？"
    )
    extra_dates: tuple[Date, ...] = Field(default=(), description="ほかに手続きできない日")


class LegalRepresentative(Setting):
    principal_must_attend: Literal["none", "child", "ward", "both"] | None = Field(
        default=None, description="法定代理人が手続きするとき、本人もいっしょに来る必要がありますか？"
    )
    rep_id_rule: Literal["A1", "A1_or_B2", "A2_or_A1B1"] | None = Field(
        default=None, description="法定代理人の本人確認書類は、何がいりますか？"
    )
    principal_id_required: YesNo = Field(
        default=None, description="子ども・被後見人本人の書類は、カードのほかに1点いりますか？"
    )
    koseki_waiver: Literal["honseki_or_household", "honseki_only", "not_needed_u15", "none"] | None = Field(
        default=None, description="戸籍の書類がいらないのは、どんなときですか？"
    )
    proof_max_months: Number = Field(default=None, description="代理権の書類は、発行から何か月以内ですか？")


class Proxy(Setting):
    first_step: Literal["visit", "phone", "visit_or_phone"] | None = Field(
        default=None, description="代理の人は、はじめに何をしますか？（visit＝窓口、phone＝電話）"
    )
    poa_first_visit: YesNo = Field(default=None, description="1回目に委任状がいりますか？")
    id_rule: Literal["A1", "A1_or_B2", "A2_or_A1B1", "one"] | None = Field(
        default=None, description="代理の人の本人確認書類は、何がいりますか？"
    )
    principal_id: Literal["first", "second", "both", "none"] | None = Field(
        default=None, description="本人の書類（カードのほか）は、何回目にいりますか？"
    )
    reason_proof: YesNo = Field(default=None, description="本人が来られない理由の証明がいりますか？")
    reason_proof_examples: OptionalLine = Field(default=None, description="理由の証明になるものの例")
    letter_days: Number = Field(default=None, description="照会書は何日くらいで届きますか？")
    letter_deadline_days: Number = Field(default=None, description="照会書の回答期限は何日ですか？")
    concealment: Literal["seal_envelope", "mask"] | None = Field(
        default=None, description="書いた番号をどう隠しますか？（seal_envelope＝封をする、mask＝目隠しする）"
    )
    same_household_differs: YesNo = Field(default=None, description="同じ世帯の家族なら、扱いがちがいますか？")


class Fees(Setting):
    reset: int = 0
    reissue: int = 1000
    reissue_card_only: int = 800
    certificate: int = 200
    express: int = 2000


SAFE_DEFAULTS: dict[str, str] = {
    "residence_scope": "own_ward",
    "reservation.need": "unknown",
    "maintenance.third_sat_next_sunday": "true",
    "self_id_rule": "card_plus_A1_or_B2",
    "no_id_procedure": "call",
    "bankbook": "not_listed",
    "photo_certificate": "false",
    "id_must_match_record": "true",
    "legal_rep.principal_must_attend": "both",
    "legal_rep.rep_id_rule": "A2_or_A1B1",
    "legal_rep.principal_id_required": "true",
    "legal_rep.koseki_waiver": "none",
    "legal_rep.proof_max_months": "3",
    "conservator": "call",
    "proxy.first_step": "phone",  # counter rule 6: request or confirm before any visit
    "proxy.poa_first_visit": "true",
    "proxy.id_rule": "A2_or_A1B1",
    "proxy.principal_id": "both",
    "proxy.reason_proof": "unknown",
    "proxy.concealment": "seal_envelope",
    "proxy.same_household_differs": "false",
    "renewal_letter_one_visit": "true",
    "home_visit": "phone",
}
"""What holds where a city has not said. `unknown` means: ask by phone."""


LISTS = ("list_A_extra", "list_B_extra", "list_removed")
"""The settings that list documents: a `when` asks whether there are `some` or `none`."""


class Municipality(Setting):
    """The settings of one city; all of them absent in the shipped default, which is no city."""

    name: Line | None = Field(default=None, description="市区町村の名前")
    code: Annotated[str, StringConstraints(pattern=r"^\d{5,6}$")] | None = Field(
        default=None, description="全国地方公共団体コード（5桁か6桁）"
    )
    sample: TrueFalse = Field(default=False, description="見本の（実在しない）市なら true")
    source_url: OptionalLine = Field(default=None, description="この内容のもとになった市のページ")
    verified_on: Date | None = Field(default=None, description="市が内容を確認した日")
    stale_after_days: int = Field(default=365, description="確認から何日で「古い可能性」と表示しますか？")
    phone: OptionalLine = Field(default=None, description="問い合わせの電話番号は？")
    phone_label: OptionalLine = Field(default=None, description="その電話の窓口の名前は？")
    operator: OptionalLine = Field(default=None, description="この案内を運営しているのはだれですか？")
    offices: tuple[Office, ...] = Field(default=(), description="どの窓口で手続きできますか？")
    post_offices: tuple[Office, ...] = Field(default=(), description="再設定を扱う郵便局はありますか？（本人だけ）")
    residence_scope: Literal["any_in_city", "own_ward"] | None = Field(
        default=None, description="市内のどの窓口でもできますか、住んでいる区の窓口だけですか？"
    )
    reservation: Reservation = Reservation()
    hours: OptionalLine = Field(default=None, description="受付時間は？（例：平日 8:30〜17:00）")
    opens: OptionalLine = Field(default=None, description="平日の受付を始める時刻（例：8:30）")
    closes: OptionalLine = Field(default=None, description="平日の受付を終える時刻（例：17:00）")
    weekend_days: tuple[Date, ...] = Field(default=(), description="土日に開く日")
    evening_days: tuple[Date, ...] = Field(default=(), description="夜間に開く日")
    closed_days: tuple[Date, ...] = Field(default=(), description="平日でも閉まる日（年末年始を含む）")
    maintenance: Maintenance = Maintenance()
    self_id_rule: Literal["card_only", "card_plus_1_AB", "card_plus_A1_or_B2"] | None = Field(
        default=None, description="本人が来たとき、カードのほかに何点いりますか？"
    )
    no_id_procedure: Literal["none", "inquiry_letter", "call"] | None = Field(
        default=None, description="本人確認書類が1つもない人は、どうしますか？"
    )
    list_A_extra: tuple[Line, ...] = Field(default=(), description="写真つき1点として、ほかに認めるもの")
    list_B_extra: tuple[Line, ...] = Field(default=(), description="写真なしの書類として、ほかに認めるもの")
    list_removed: tuple[Line, ...] = Field(default=(), description="この市では認めないもの")
    bankbook: Literal["ok", "with_official_only", "not_listed"] | None = Field(
        default=None, description="預金通帳やキャッシュカードは使えますか？"
    )
    photo_certificate: YesNo = Field(default=None, description="施設長などの顔写真証明書を認めますか？")
    id_must_match_record: YesNo = Field(
        default=None, description="書類の住所・氏名は住民票と同じでなければいけませんか？"
    )
    legal_rep: LegalRepresentative = LegalRepresentative()
    conservator: Literal["with_mokuroku", "as_voluntary", "call"] | None = Field(
        default=None, description="保佐人・補助人・任意後見人の手続きはどうしますか？"
    )
    proxy: Proxy = Proxy()
    renewal_letter_one_visit: YesNo = Field(
        default=None, description="更新のとき、通知書の照会書を書けば代理の人は1回で済みますか？"
    )
    home_visit: Literal["none", "phone"] | None = Field(default=None, description="自宅や施設への出張はありますか？")
    fees: Fees = Fees()
    languages: tuple[Line, ...] = Field(default=(), description="外国語で対応できることば")
    easy_japanese_url: OptionalLine = Field(default=None, description="やさしい日本語のページ")
    fax: OptionalLine = Field(default=None, description="耳の不自由な方のファクスなど")
    dv_consult_phone: OptionalLine = Field(default=None, description="支援措置などの相談の電話")

    @property
    def known(self) -> bool:
        """Whether this is a city at all; the shipped default is none."""
        return self.name is not None

    def is_old(self, today: date) -> bool:
        """Whether the city confirmed its settings so long ago that they may have changed."""
        return self.verified_on is not None and (today - self.verified_on).days > self.stale_after_days

    def value(self, key: str) -> str:
        """The setting `key` (dotted, without `city.`) as text, or its safe default; of a list, whether it has any.

        Raises KeyError for a key that is no setting of one value.
        """
        if key == "known":
            return "true" if self.known else "false"
        own = self._own(key)
        if key in LISTS:
            return "some" if own else "none"
        if own is None:
            return SAFE_DEFAULTS[key]
        return str(own).lower() if isinstance(own, bool) else str(own)

    def confirmed(self, key: str) -> bool:
        """Whether the city itself has said how it does `key`."""
        return self._own(key) is not None

    def _own(self, key: str) -> Any:
        value: Any = self
        for part in key.split("."):
            value = getattr(value, part)
        return value

    def text(self, key: str, words: Words = IN_JAPANESE) -> str | None:
        """What `{city.KEY}` stands for in a text: the value, or a phrase that is true without a city."""
        if key == "phone":
            return self.phone or words("city.no-phone")
        if key == "name":
            return self.name or words("city.no-name")
        if key == "dv_consult_phone":
            return self.dv_consult_phone or self.phone or words("city.no-phone")
        if key == "hours":
            return self.hours or words("city.no-hours")
        if key in LISTS:
            return words("comma").join(self._own(key)) or words("city.no-list")
        own = self._own(key) if key.split(".")[0] in type(self).model_fields else None
        return None if own is None else str(own)


@cache
def condition_values(key: str) -> frozenset[str] | None:
    """The values that `city.KEY` can have in a `when`, or None if it is no such key."""
    if key == "known":
        return frozenset({"true", "false"})
    if key in LISTS:
        return frozenset({"some", "none"})
    if key not in SAFE_DEFAULTS:
        return None
    model, last = _holder(key)
    schema = model.model_json_schema()["properties"][last]
    values = {SAFE_DEFAULTS[key]}
    for variant in schema.get("anyOf", [schema]):
        values.update(variant.get("enum", ()))
        if variant.get("type") == "boolean":
            values.update({"true", "false"})
    return frozenset(values)


def question_of(key: str) -> str:
    """The questionnaire's question for a setting of `SAFE_DEFAULTS`."""
    model, last = _holder(key)
    return model.model_fields[last].description or key


def _holder(key: str) -> tuple[type[BaseModel], str]:
    """The model that a dotted setting stands in, and its own name there."""
    *path, last = key.split(".")
    model: Any = Municipality
    for part in path:
        model = model.model_fields[part].annotation
    return model, last
