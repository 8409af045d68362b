"""What Italian writes otherwise: articles and prepositions tied to the word behind them by an
apostrophe ("dell'ONU", "un'offensiva"), and nouns that share a stem with another verb."""

from __future__ import annotations

import re

_TIED = re.compile(
    r"(?:[cdlmnstv]|un|quest|quell|bell|sant|tutt|mezz|(?:a|co|da|de|ne|su)ll|"
    r"(?:nessun|alcun|qualcun|ciascun)|anch|dov|com|cos|quand|senz|sott|trent|cent)['’ʼ](?=[^\W_])",
    re.IGNORECASE,
)
_ALONE = "LC"  # letters that open a sentence so ("L'ONU"); "D'Alema" is a name


def parted(word: str) -> int:
    """Where a word begins that an article or a preposition is tied to; 0 where none is."""
    tied = _TIED.match(word)
    if not tied or (word[1:2] in "'’ʼ" and word[0].isupper() and word[0] not in _ALONE):
        return 0
    return tied.end()


# "parlamento" and "parla", "operazione" and "operai" have one stem and nothing else in common.
_NOUN = re.compile(r"(ment[oi]|zion[ei]|tor[ei]|tric[ei])$")
_SHORT = 4  # letters of a stem that "casa", "caso" and "case" may share
# Longer words that share a stem with another one: only the very form is meant.
_ALIKE = frozenset(
    """importante importanti importanza importo importi contesto contesti comunità comunista comunisti
    comunemente comunica comunismo cittadino cittadini cittadina cittadine cittadinanza attività attivo attiva attivi
    attive dimostrare dimostrato dimostrata dimostra dimostrano manifesto manifesti militante militanti effetto effetti
    effettivo effettiva effettivamente giornalista giornalisti giornaliste giornalismo bilancia ragazzo ragazzi ragazza
    ragazze trattare trattato trattati trattata trattate tratta tratto tratti tratte trattano trattava negozio negozi
    maggior maggiore maggiori minore minori minor minoranza minoranze fronte fronti permanente permanenti permanenza
    bisogna sinistra sinistro sinistrati terremoto terremoti terremotati disastro disastri disastrati presto presta
    immaginare immaginato immagina fotografo fotografa locale locali località finalmente finalità ultimamente libero
    libera liberi libere liberamente libertà escluso esclusa esclusi escluse esclusiva esclusivo giustizia fucile fucili
    declino assistente assistenti scienza scienze compagno compagni compagna compagne generalmente impiego impieghi
    impiegare impiega impiegato impiegati impiegata impiegate capitolo capitoli rivolto rivolti rivolta rivolte universo
    protestante protestanti concordia inteso intesi attento attenta attenti attentamente cancelliere cancelliera cancello
    cancelli console colletta concilio successo successi successivo successiva successivi successive successivamente
    imposta imposte imposto imposti peggiore peggiori peggior migliore migliori miglior individuare individuato individua
    strano strana strani strane estremo estrema estremi estreme estremità fondamentale fondamentali terrore terrorismo
    islam islamico islamica islamici islamiche pessimo pessima pessimi pessime allarmato allarmati cellula cellule
    personale personali personalità personalmente dipendenza dipendenze sindaco sindaci edificare confinante confinanti
    circostante circostanti quarto quarta quarti profondo profonda profondi profonde profondamente raccolta raccolte
    ottimo ottima ottimi ottime fiducia corrispondenza rifugio rifugi pubblico pubblica pubblici
    pubbliche pubblicità pubblicamente apertamente termine termini comprende comprendono comprendere compreso compresa
    compresi licenza licenze vittorio design finanza finanze insegna insegnare insegnato insegnano quotidiana
    quotidianamente rivisto riserva riserve riparare branco ricorrente ricorrenti rovescia fabbricato fabbrica fabbriche
    esercita esercitare esercitato calorie bisognerebbe bisognerà""".split()
)


def two_words(a: str, b: str, stem: str) -> bool:
    """Two words, not the same, that have one stem are not known for forms of one word."""
    if len(stem) <= _SHORT or a in _ALIKE or b in _ALIKE:
        return True
    kinds = [m[1][:2] if (m := _NOUN.search(w)) else "" for w in (a, b)]
    return kinds[0] != kinds[1]


_ARTICLE = frozenset("il lo un al allo dal dallo del dello nel nello sul per ogni suo loro".split())


def ordinal(word: str, before: str) -> bool:
    """ "il secondo giorno": behind an article "secondo" is the second, not "according to"."""
    return word.casefold() == "secondo" and before.casefold() in _ARTICLE
