"""ISO 4217 currencies: codes, minor units, and the signs and names that exports write for them."""

from __future__ import annotations

_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
    CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
    GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK
    LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR
    PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC
    SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF
    YER ZAR ZMW ZWG
"""
CODES = frozenset(_CODES.split())

_NO_MINOR = (
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
)
_THREE_DIGITS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
EXPONENTS = dict.fromkeys(CODES, 2) | dict.fromkeys(_NO_MINOR, 0) | dict.fromkeys(_THREE_DIGITS, 3) | {"CLF": 4}

# Longest first: "US$" before "$".
SIGNS = {
    "US$": "USD",
    "CA$": "CAD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "MX$": "MXN",
    "A$": "AUD",
    "C$": "CAD",
    "S$": "SGD",
    "R$": "BRL",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₪": "ILS",
    "₫": "VND",
    "₴": "UAH",
    "₦": "NGN",
    "₱": "PHP",
    "฿": "THB",
    "zł": "PLN",
    "Kč": "CZK",
    "Fr.": "CHF",
    "$": "USD",
    "¥": "JPY",
}
# Signs that several currencies share: the company's own currency decides where it is one of them.
_DOLLARS = "USD CAD AUD NZD SGD HKD MXN ARS CLP COP TWD BBD BSD BZD FJD JMD TTD UYU"
SHARED_SIGNS = {"$": frozenset(_DOLLARS.split()), "¥": frozenset(("JPY", "CNY"))}

NAMES = {
    "us dollar": "USD",
    "u.s. dollar": "USD",
    "us dollars": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "united states dollar": "USD",
    "american dollar": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "pound sterling": "GBP",
    "british pound": "GBP",
    "british pound sterling": "GBP",
    "pound": "GBP",
    "swiss franc": "CHF",
    "schweizer franken": "CHF",
    "yen": "JPY",
    "japanese yen": "JPY",
    "canadian dollar": "CAD",
    "australian dollar": "AUD",
    "new zealand dollar": "NZD",
    "singapore dollar": "SGD",
    "hong kong dollar": "HKD",
    "indian rupee": "INR",
    "brazilian real": "BRL",
    "mexican peso": "MXN",
    "swedish krona": "SEK",
    "norwegian krone": "NOK",
    "danish krone": "DKK",
    "polish zloty": "PLN",
    "czech koruna": "CZK",
    "chinese yuan": "CNY",
    "renminbi": "CNY",
    "south african rand": "ZAR",
    "uae dirham": "AED",
}


def exponent(code: str | None) -> int:
    """Return the number of decimals of a currency's minor unit; 2 where the currency is not known."""
    return EXPONENTS.get(code or "", 2)


def code_of(text: str) -> str | None:
    """Return the ISO code that a code, sign or name means, None where it means none."""
    word = text.strip()
    return next(
        (
            found
            for found in (
                word.upper() if word.upper() in CODES else None,
                SIGNS.get(word),
                NAMES.get(word.casefold()),
                # "EUR - Euro", "USD ($)", "Euro (EUR)"
                next((part for part in word.replace("(", " ").replace(")", " ").split() if part in CODES), None),
            )
            if found
        ),
        None,
    )
