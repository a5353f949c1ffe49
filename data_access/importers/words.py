"""What words in cells mean: flags, results of deals, directions and modes of calls. Languages of the common CRMs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping as MappingType
from functools import cache

import polars as pl

from data_access.importers.names import normalised

_TRUE = """true 1 1.0 yes y t on x ✓ ✔ ja j wahr oui o vrai si sí s verdadero sim verdadeiro vero active aktiv actif
    activo ativo attivo enabled"""
_FALSE = """false 0 0.0 no n f off nein falsch non faux falso não nao inactive inaktiv inactif inactivo inativo inattivo
    disabled nee"""
FLAGS: dict[str, bool] = {**dict.fromkeys(_TRUE.split(), True), **dict.fromkeys(_FALSE.split(), False)}

_WON_WORDS = """won gewonnen ganado ganada ganadas gagné gagnée gagnés gagnees gagne gagnee vinto vinta vinte ganho
    ganha ganhou vunnen vunnet vundet wygrana wygrane wygrany voitettu vyhráno vyhrano výhra vyhra выиграна выиграно
    kazanıldı kazanildi 成約 受注 赢单 已成交 성사됨 closedwon"""
_LOST_WORDS = """lost verloren perdu perdue perdus perdido perdida perdeu perso persa perse förlorad förlorat forlorad
    forlorat tabt tapt przegrana przegrane przegrany hävitty havitty prohráno prohrano prohra проиграна
    проиграно kaybedildi 失注 输单 已丢单 실패 closedlost abandoned canceled cancelled disqualified rejected declined
    abgesagt storniert abgelehnt annulé annulée cancelado cancelada annullato geannuleerd afgewezen"""
_OPEN_WORDS = """open opened offen ouvert ouverte abierto abierta aberto aberta aperto aperta öppen oppen åben aben åpen
    apen otwarta otwarte avoin otevřeno otevreno active inprogress ongoing"""
_RESULTS = {**dict.fromkeys(_WON_WORDS.split(), "won"), **dict.fromkeys(_LOST_WORDS.split(), "lost")}
# Words that say so only where they stand alone: "Win back" is a campaign.
_ALONE = {"win": "won", "loss": "lost", "dead": "lost"} | dict.fromkeys(_OPEN_WORDS.split(), "open")
_NOT = {"not", "never", "nicht", "kein", "keine", "non", "no", "não", "niet", "yet"}
_WORD = re.compile(r"[^\W\d_]+")
# The end of a deal without its result, in the same languages: nobody can tell whether it was won.
_CLOSED_WORDS = """closed geschlossen abgeschlossen fermé fermée fermés fermées clos clôturé clôturée cerrado cerrada
    chiuso chiusa gesloten afgesloten fechado fechada encerrado encerrada stängd stängt lukket avsluttet afsluttet
    zamknięta zamknięte zamknięty suljettu uzavřeno uzavřený закрыта закрыто kapalı kapandı"""
_CLOSED = set(_CLOSED_WORDS.split())
_DELETED = ("deleted", "gelöscht", "supprimé", "eliminado", "excluído", "verwijderd", "eliminata")

_DIRECTIONS = {
    "inbound": "inbound incoming in eingehend entrant entrante inkommend terminating received",
    "outbound": "outbound outgoing out ausgehend sortant saliente outboundapi outbounddial uscente originating dialed",
    "internal": "internal intern interne interno",
}
_MODES = {
    "listen": "listen listening listenin listenonly monitor monitoring monitored silent silentmonitor spy eavesdrop "
    "silentmonitoring mithören q",
    "whisper": "whisper whispering whispered coach coaching coached privatewhisper prompting flüstern w",
    "barge": "barge barging bargein bargeincall barged conference threeway intrude intrusion join joined aufschalten b",
    "unknown": "unknown supervised supervision unbekannt",
}
_CALLS = {"call", "calls", "phone", "phonecall", "anruf", "appel", "llamada", "ligação", "telefonat", "chiamata"}
_DONE = {
    **{word: value for word, value in FLAGS.items() if not word.startswith(("activ", "inactiv", "enabl", "disabl"))},
    **dict.fromkeys(("completed", "done", "complete", "closed", "held", "erledigt", "abgeschlossen", "terminé"), True),
    **dict.fromkeys(("completado", "concluído", "voltooid", "completato", "finished"), True),
    **dict.fromkeys(("notstarted", "inprogress", "open", "planned", "scheduled", "deferred", "pending"), False),
    **dict.fromkeys(("waitingonsomeoneelse", "todo", "waiting", "offen", "geplant", "overdue"), False),
}


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


@cache
def status_of_word(text: str) -> str | None:
    """Return open, won or lost where a stage or status says so in a known language, else None.

    Of two results in one text the first counts: "Lost - won by a rival" is lost. "Not won" says nothing.
    """
    before = ""
    for word in _words(text):
        if word in _RESULTS:
            return None if before in _NOT else _RESULTS[word]
        before = before if word == "closed" else word
    joined = normalised(text) or ""
    for result in ("won", "lost"):
        if f"closed{result}" in joined:
            return result
    return _ALONE.get(joined)


@cache
def is_closed_word(text: str) -> bool:
    """Whether a stage or status says nothing but that the deal is closed ("Closed", "06 - Geschlossen (100 %)")."""
    found = _words(text)
    return bool(found) and all(word in _CLOSED for word in found)


def is_deleted_word(text: str) -> bool:
    """Whether a status says that the deal was deleted."""
    return (normalised(text) or "") in _DELETED


def _table(entries: MappingType[str, str]) -> dict[str, str]:
    return {normalised(word) or word: value for value, words in entries.items() for word in words.split()}


DIRECTIONS = _table(_DIRECTIONS)
MODES = _table(_MODES)


def flag_values(column: pl.Series) -> pl.Series:
    """Return texts as Boolean; null for an empty cell and for a word that is no flag."""
    return column.str.to_lowercase().replace_strict(FLAGS, default=None, return_dtype=pl.Boolean)


def spoken(column: pl.Series, table: MappingType[str, str]) -> pl.Series:
    """Return what the table says to each text, whatever its case and punctuation; null for other texts.

    A text of several words ("Whisper coaching") says what its first known word says, if that has four letters.
    """

    def meaning(text: str) -> str | None:
        whole = table.get(normalised(text) or "")
        return whole or next((table[word] for word in _words(text) if len(word) >= 4 and word in table), None)

    known = {text: meaning(text) for text in column.drop_nulls().unique()}
    return column.replace_strict(known, default=None, return_dtype=pl.String)


def done_values(column: pl.Series) -> pl.Series:
    """Return whether each text says that something is done; null where it does not say."""
    words = {text: _DONE.get(normalised(text) or "") for text in column.drop_nulls().unique()}
    return column.replace_strict(words, default=None, return_dtype=pl.Boolean)


def all_flags(texts: pl.Series) -> bool:
    """Whether every one of the distinct texts is a flag. True where there is none."""
    return not flag_values(texts).has_nulls()


def any_status(texts: pl.Series) -> bool:
    """Whether one of the distinct texts names a result of a deal, or they are all numbers of one. True if empty."""
    return (
        texts.is_empty()
        or any(status_of_word(text) is not None or is_closed_word(text) for text in texts.head(2_000))
        or bool(state_codes(texts))
    )


# Results as codes: Dynamics writes its state as a number where a lookup was not resolved; others a letter.
_STATE_CODES = ({"0": "open", "1": "won", "2": "lost"}, {"o": "open", "w": "won", "l": "lost"})


def state_codes(texts: pl.Series) -> dict[str, str]:
    """Return what each of the distinct texts means where all of them are codes for results, else nothing."""
    few = texts.head(len(_STATE_CODES[0]) * 2 + 1).to_list()
    for codes in _STATE_CODES:
        if few and all(text.lower() in codes for text in few):
            return {text: codes[text.lower()] for text in few}
    return {}


def any_direction(texts: pl.Series) -> bool:
    """Whether one of the distinct texts is a direction of a call. True if there is none."""
    return texts.is_empty() or spoken(texts.head(2_000), DIRECTIONS).is_not_null().any()


def any_mode(texts: pl.Series) -> bool:
    """Whether one of the distinct texts is a mode of supervision. True if there is none."""
    return texts.is_empty() or spoken(texts.head(2_000), MODES).is_not_null().any()


def any_done(texts: pl.Series) -> bool:
    """Whether one of the distinct texts says that something is done or not. True if there is none."""
    return texts.is_empty() or done_values(texts.head(2_000)).is_not_null().any()


def any_call(texts: pl.Series) -> bool:
    """Whether one of the distinct texts is the word for a call."""
    return any(normalised(text) in _CALLS for text in texts.head(2_000))


def is_call(column: pl.Series) -> pl.Series:
    """Return whether each text is the word for a call."""
    words = {text: normalised(text) in _CALLS for text in column.drop_nulls().unique()}
    return column.replace_strict(words, default=None, return_dtype=pl.Boolean)
