"""How exports name their columns: one table per kind of import. Words only; ``headers`` does the matching.

Every entry is squashed before it is compared (case, accents, blanks and punctuation go), so "Close Date", ``CloseDate``
and ``close_date`` are one entry. Earlier entries win over later ones. The three shapes below add the usual variants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TEXT, DATE, WHO, KEY = "text", "date", "who", "key"

_DATE_AFTER = ("", "date", "on", "at", "time", "datetime", "timestamp", "dateon", "date time", "day")
_DATE_BEFORE = ("date", "date of", "time")
# A reference can be held by name, by e-mail address or by id; the order is that of preference.
NAME, EMAIL, ID = "name", "email", "id"
_FACETS = (
    (NAME, ("", "name", "full name", "s", "label", "title")),
    (EMAIL, ("email", "email address", "mail")),
    (ID, ("id", "ids", "name id", "user id", "id value", "key", "guid", "no", "number", "record id")),
)


@dataclass(frozen=True)
class Field:
    """A field of a kind: what it may be called, and which shape its names have."""

    name: str
    shape: str
    aliases: tuple[str, ...]

    def spellings(self) -> Iterator[tuple[str, int, str]]:
        """Yield every spelling with its rank (lower is better) and, for references, how it refers."""
        for rank, alias in enumerate(self.aliases):
            if self.shape == DATE:
                yield from ((f"{alias} {after}", rank * 10, NAME) for after in _DATE_AFTER)
                yield from ((f"{before} {alias}", rank * 10, NAME) for before in _DATE_BEFORE)
            elif self.shape in (WHO, KEY):
                # Names of people are shown and found again; names of deals repeat, so their id comes first.
                facets = _FACETS if self.shape == WHO else tuple(reversed(_FACETS))
                for step, (facet, endings) in enumerate(facets):
                    yield from ((f"{alias} {ending}", rank * 10 + step, facet) for ending in endings)
            else:
                yield alias, rank * 10, NAME


def _entries(text: str) -> tuple[str, ...]:
    return tuple(" ".join(entry.split()) for entry in text.split(",") if entry.strip())


def _text(name: str, aliases: str) -> Field:
    return Field(name, TEXT, _entries(aliases))


def _date(name: str, aliases: str) -> Field:
    return Field(name, DATE, _entries(aliases))


def _key(name: str, aliases: str) -> Field:
    return Field(name, KEY, _entries(aliases))


def _who(name: str, aliases: str) -> Field:
    return Field(name, WHO, _entries(aliases))


_OWNER = """owner, deal owner, opportunity owner, record owner, sales owner, sales rep, sales representative, rep,
    sales agent, agent, salesperson, sales person, seller, account executive, ae, assigned to, assigned user, assignee,
    assigned, responsible, responsible person, account manager, sales executive, user, employee,
    inhaber, besitzer, zuständig, zuständiger mitarbeiter, eigentümer, verantwortlich, verantwortlicher, verkäufer,
    vertriebsmitarbeiter, betreuer, propriétaire, commercial, vendeur, responsable, propietario, vendedor, comercial,
    proprietário, responsável, eigenaar, verkoper, proprietario, venditore, responsabile, titolare, ägare, säljare,
    właściciel, opiekun, omistaja, vlastník"""
_ACCOUNT = """account, company, organization, organisation, customer, client, associated company, primary company,
    primary associated company, potential customer, buyer, org, kunde, firma, unternehmen, konto, entreprise, compte,
    société, empresa, cuenta, cliente, organización, conta, organização, bedrijf, klant, organisatie, azienda,
    organizzazione, società, företag, kund, klient, firmy, organizace"""
_CURRENCY = """currency, currency iso code, currency code, iso currency, iso code, amount currency,
    total amount currency, deal currency, deal currency code, opportunity currency, currency of value,
    transaction currency, cur, curr, ccy, transactioncurrencyid, währung, devise, moneda, moeda, valuta, waluta, měna"""
_DEAL = """deal, opportunity, associated deal, related deal, related opportunity, deal record, what, regarding,
    related to, opp, potential, verkaufschance, transaction, negocio, oportunidad, negócio, oportunidade, trattativa,
    opportunità"""
_STAGE = """stage, deal stage, opportunity stage, sales stage, pipeline stage, deal pipeline stage, pipeline phase,
    stage label, phase, sales phase, deal phase, process stage, step, verkaufsphase, stufe, étape, etapa, fase,
    estágio, stadium, stadio, etap, vaihe, fáze"""
_AMOUNT = """amount, deal amount, deal value, opportunity amount, opportunity value, value, total amount, amount value,
    total value, close value, closed value, close amount, closed amount, contract value, total contract value, tcv,
    sale amount, sales amount, sale value, order value, booking amount, bookings, revenue, deal revenue, deal size,
    est revenue, estimated revenue, est value, estimated value, potential value, price, total price, total, acv, arr,
    amount in company currency, amount in home currency, betrag, wert, dealwert, auftragswert, volumen, umsatz, summe,
    montant, valeur, importe, monto, valor, cantidad, montante, quantia, bedrag, waarde, dealwaarde, importo, valore,
    ammontare, belopp, värde, kwota, wartość, summa, arvo, částka, hodnota"""
_LIST_AMOUNT = """list amount, list price, list value, list total, catalog price, catalogue price, msrp, rrp,
    amount before discount, gross price, listenpreis, prix catalogue, precio de lista, preço de lista, lijstprijs,
    prezzo di listino"""

_REP = """rep, sales rep, sales representative, coachee, seller, salesperson, sales person, sales agent, agent,
    account executive, ae, employee, team member, person, mitarbeiter, vertriebsmitarbeiter, verkäufer,
    außendienstmitarbeiter, gecoachter, commercial, vendeur, collaborateur, vendedor, comercial, empleado, colaborador,
    verkoper, medewerker, venditore, säljare"""
_COACH = """coach, coached by, sales coach, manager, sales manager, trainer, supervisor, team lead, team leader, leader,
    führungskraft, vorgesetzter, teamleiter, gecoacht von, manager commercial, responsable, entraîneur, coaché par,
    jefe, gerente, entrenador, leidinggevende, begeleider, allenatore, responsabile"""
_SKILL = """skill, skill worked on, focus skill, competence, competency, fähigkeit, fertigkeit, kompetenz, compétence,
    habilidad, competencia, vaardigheid, competentie, abilità, competenza"""
_FIRST_DAY = """from, start, starts, period start, begin, beginning, valid from, effective from, effective, von, ab,
    beginn, gültig ab, début, du, à partir du, desde, inicio, a partir de, van, vanaf, da, dal, inizio"""
_LAST_DAY = """to, end, ends, period end, until, through, thru, valid to, valid until, effective to, bis, ende, fin, au,
    jusqu'au, hasta, tot, tot en met, einde, a, al, fine"""

FIELDS: dict[str, tuple[Field, ...]] = {
    "deals": (
        _text(
            "id",
            """deal id, opportunity id, id, record id, deal record id, do not modify opportunity, system id,
            pipedrive system id, potential id, crm id, external id, opportunity number, deal number, opportunity no,
            reference, reference number, number, key, guid, uuid, datensatz id, id de registro, id do registro""",
        ),
        _text(
            "name",
            """deal name, opportunity name, potential name, deal title, opportunity title, name, title, topic, subject,
            opportunity, deal, transaktionsname, titel, thema, bezeichnung, geschäftsname, nom, titre, nombre, título,
            nome, dealnaam, naam, onderwerp, titolo, namn, nazwa, tytuł, nimi, název""",
        ),
        _who("owner", _OWNER),
        _who("account", _ACCOUNT),
        _who(
            "product",
            """product, associated product, products, primary product, product line, line item, item, solution,
            produkt, produit, producto, produto, prodotto, artikel, tuote""",
        ),
        Field("stage", WHO, _entries(_STAGE)),
        _text(
            "status",
            """status, deal status, opportunity status, status label, status name, won lost, win loss, won or lost,
            state code, statecode, outcome, result, deal outcome, state, statut, estado, situação, stato, stav""",
        ),
        _text("is_won", "is won, is closed won, closed won, is deal won, won flag, won"),
        _text("is_lost", "is lost, is closed lost, closed lost, is deal lost, lost flag, lost"),
        _text("is_closed", "is closed, is deal closed, closed flag, closed"),
        _date(
            "opened_on",
            """opened, created, create, creation, open, deal created, opportunity created, add, added, engage,
            engaged, engagement, entered, record created, opening, start, started, inserted, erstellt,
            erstellungsdatum, erstellt am, angelegt am, eröffnet am, anlagedatum, date de création, créé le, créée le,
            fecha de creación, creado el, creado, data de criação, criado em, aanmaakdatum, gemaakt op, aangemaakt op,
            data di creazione, data creazione, creato il, skapad, utworzono, data utworzenia, luotu, vytvořeno""",
        ),
        _date(
            "expected_close_on",
            """expected close, expected closing, expected closed, est close, est closing, estimated close,
            estimated closing, forecast close, forecasted close, target close, projected close, anticipated close,
            planned close, expected, erwartetes abschlussdatum, erwarteter abschluss, voraussichtlicher abschluss,
            voraussichtliches abschlussdatum, geplanter abschluss, date de clôture prévue, date de fermeture prévue,
            clôture prévue, fecha de cierre prevista, fecha de cierre estimada, fecha de cierre esperada,
            fecha prevista de cierre, data de fechamento prevista, data de fechamento esperada,
            previsão de fechamento, verwachte sluitingsdatum, verwachte sluitdatum, data di chiusura prevista,
            data prevista di chiusura""",
        ),
        _date(
            "closed_on",
            """closed, actual close, actual closing, actual closed, deal closed, real close, completed, completion,
            signed, booked, booking, decided, geschlossen am, abgeschlossen am, tatsächliches abschlussdatum, fermé le,
            cerrado el, fechado em, gesloten op, chiuso il""",
        ),
        _date(
            "close_on",
            """close, closing, deal close, opportunity close, abschlussdatum, abschluss, date de fermeture,
            date de clôture, fecha de cierre, data de fechamento, data de encerramento, sluitingsdatum, sluitdatum,
            afsluitdatum, data di chiusura, data chiusura, avslutsdatum, data zamknięcia, päättymispäivä,
            datum uzavření""",
        ),
        _date("won_on", "won, deal won, closed won, first won, gewonnen am, gagné le, ganado el"),
        _date("lost_on", "lost, deal lost, closed lost, verloren am, perdu le, perdido el"),
        _text("amount", _AMOUNT),
        _text("won_amount", "actual revenue, actual value, won amount, won value, final amount, actual amount"),
        _text("currency", _CURRENCY),
        _text(
            "cost",
            """cost, costs, total cost, deal cost, cost amount, cost of sale, cost of sales, cost of goods,
            cost of goods sold, cogs, product cost, kosten, selbstkosten, coût, coûts, coste, costo, costi, custo""",
        ),
        _text("list_amount", _LIST_AMOUNT),
        _text(
            "next_step",
            """next step, next steps, next action, next activity, next activity subject, next task,
            next activity date, nächster schritt, nächste schritte, nächste aktivität, prochaine étape, próximo paso,
            siguiente paso, próximo passo, próxima etapa, volgende stap, passo successivo, prossimo passo""",
        ),
        _text(
            "lost_reason",
            """lost reason, loss reason, closed lost reason, reason lost, reason for loss, reason for lost,
            lost reasons, reason, close reason, closed reason, status reason, verlustgrund, grund für verlust,
            raison de la perte, motif de perte, raison de perte, motivo de pérdida, razón de pérdida, motivo da perda,
            motivo de perda, reden van verlies, verliesreden, motivo della perdita, motivo perdita""",
        ),
        _who(
            "competitor",
            """competitor, main competitor, primary competitor, lost to competitor, lost to, winning competitor,
            wettbewerber, mitbewerber, konkurrent, concurrent, competidor, concorrente""",
        ),
        _text("deleted", "is deleted, deleted, fivetran deleted, is removed, removed"),
    ),
    "people": (
        _text(
            "id",
            """id, user id, employee id, owner id, person id, rep id, sales rep id, sales agent id, agent id,
            seller id, staff id, crm user id, crm id, record id, do not modify user, external id, employee number,
            personnel number, personalnummer, number""",
        ),
        _text(
            "name",
            """name, full name, display name, sales agent, sales rep, sales representative, rep, agent, seller,
            salesperson, sales person, employee, user, owner, person, account executive, member, staff, mitarbeiter,
            verkäufer, vollständiger name, nom complet, commercial, nom, nombre completo, vendedor, nombre,
            nome completo, nome, volledige naam, naam, verkoper, medewerker, venditore""",
        ),
        _text("first_name", "first name, given name, forename, vorname, prénom, voornaam, primeiro nome"),
        _text(
            "last_name",
            "last name, surname, family name, nachname, nom de famille, apellido, apellidos, sobrenome, achternaam, "
            "cognome",
        ),
        _text(
            "email",
            """email, email address, e mail, mail, work email, business email, user email, primary email, owner email,
            correo, correo electrónico, courriel, adresse e mail""",
        ),
        _who(
            "role",
            """role, job title, title, position, user role, job role, profile, function, rolle, funktion, position,
            poste, fonction, cargo, puesto, functie, ruolo""",
        ),
        _who(
            "manager",
            """manager, reports to, line manager, direct manager, sales manager, team manager, team lead, team leader,
            supervisor, boss, lead, vorgesetzter, führungskraft, teamleiter, supérieur, jefe, gerente,
            leidinggevende, capo, responsabile""",
        ),
        _who(
            "team",
            """team, sales team, regional office, sales group, sales office, squad, group, office, department,
            division, business unit, abteilung, équipe, equipo, equipe, afdeling, squadra, reparto""",
        ),
        _date(
            "started_on",
            """started, start, hire, hired, joined, join, joining, employment start, onboarding, onboarded, eintritt,
            eintrittsdatum, date d'embauche, fecha de contratación, fecha de ingreso, data de admissão,
            datum in dienst, data di assunzione, in role since, employed since""",
        ),
        _date(
            "left_on",
            """left, leaving, end, ended, termination, terminated, exit, departure, last day, employment end,
            offboarded, austritt, austrittsdatum, date de départ, fecha de baja, data de saída, datum uit dienst""",
        ),
        _text(
            "region", "region, territory, sales region, area, country, gebiet, région, región, região, regio, regione"
        ),
        _text("segment", "segment, market segment, market, customer segment, vertical, tier"),
        _text(
            "active", "active, is active, enabled, is enabled, active user, aktiv, actif, activo, ativo, attivo, status"
        ),
    ),
    "accounts": (
        _text(
            "id",
            """account id, company id, organization id, organisation id, customer id, client id, id, record id,
            do not modify account, external id, account number, customer number, kundennummer, number, key""",
        ),
        _text(
            "name",
            """account name, company name, organization name, organisation name, customer name, client name, account,
            company, organization, organisation, customer, client, name, kunde, firma, unternehmen, entreprise, compte,
            société, empresa, cuenta, cliente, conta, bedrijf, klant, azienda, nom, nombre, nome, naam""",
        ),
        _text(
            "sector",
            """sector, industry, industry sector, vertical, branche, industrie, secteur, industria, setor, settore,
            line of business""",
        ),
        _text(
            "region",
            """region, sales region, territory, country, billing country, office location, location, headquarters,
            billing state, shipping country, land, pays, país, paese, gebiet, région, región""",
        ),
        _who(
            "parent",
            """parent, parent account, parent company, parent organization, subsidiary of, ultimate parent,
            associated parent company, holding, muttergesellschaft, société mère, empresa matriz""",
        ),
        _text(
            "employees",
            """employees, number of employees, no of employees, employee count, num employees, headcount,
            company size, staff, mitarbeiter, mitarbeiterzahl, anzahl mitarbeiter, effectif, empleados, funcionários,
            medewerkers, dipendenti""",
        ),
    ),
    "products": (
        _text(
            "id",
            """product id, id, record id, do not modify product, external id, sku, product code, product number,
            item number, code, artikelnummer, número, number""",
        ),
        _text(
            "name",
            """product name, product, name, item, item name, title, description, produkt, produktname, artikel,
            produit, producto, produto, prodotto, nom, nombre, nome, naam""",
        ),
        _text(
            "series",
            """series, family, product family, product line, line, category, product category, group, product group,
            type, product type, serie, familie, kategorie, famille, gamme, familia, categoría, linha, linea""",
        ),
        _text(
            "list_amount",
            _LIST_AMOUNT
            + """, sales price, sale price, unit price, price, standard price, retail price, amount, preis,
            prix, precio, preço, prezzo, prijs""",
        ),
        _text("currency", _CURRENCY),
    ),
    "quotas": (
        _who("rep", _OWNER + ", quota owner, name, person, seller name, mitarbeiter, medewerker"),
        _date(
            "from",
            """from, start, period start, begin, beginning, valid from, effective from, effective, von, ab, beginn,
            début, desde, inicio, van, da, inizio""",
        ),
        _date(
            "to",
            "to, end, period end, until, through, thru, valid to, valid until, effective to, bis, ende, fin, hasta, "
            "tot, fine",
        ),
        _text(
            "period",
            """period, quota period, forecast period, fiscal period, quarter, fiscal quarter, month, fiscal month,
            zeitraum, periode, quartal, monat, trimestre, mes, mois, período, kwartaal, maand, mese, periodo""",
        ),
        _text("year", "year, fiscal year, quota year, jahr, geschäftsjahr, année, año, ano, jaar, anno"),
        _text(
            "amount",
            """quota, quota amount, quota value, sales quota, target, target amount, sales target, target value, goal,
            amount, value, revenue target, ziel, vorgabe, soll, objectif, cuota, objetivo, meta, doel, obiettivo,
            betrag, montant, importe, valor, bedrag, importo""",
        ),
        _text("currency", _CURRENCY),
    ),
    "stage-history": (
        _key("deal", _DEAL + ", record, object, parent"),
        Field(
            "stage",
            WHO,
            _entries("to stage, new stage, stage to, entered stage, new value, to value, " + _STAGE + ", value"),
        ),
        _who("from_stage", "from stage, old stage, previous stage, prior stage, stage from, old value, from value"),
        _text("field", "field event, field, changed field, field name, property, property name"),
        _date(
            "entered_at",
            """entered, stage entered, stage entry, entered stage, changed, change, stage change, stage changed, moved,
            transition, edit, edited, event, last modified, modified, update, updated, effective, timestamp, date,
            time, at, when, created, create, start, started, fivetran start""",
        ),
        _text("status", "status, deal status, opportunity status"),
        _text(
            "amount",
            """amount, deal amount, opportunity amount, deal value, opportunity value, amount value, total amount,
            betrag, montant, importe, valor, bedrag, importo""",
        ),
        _text("currency", _CURRENCY),
        _who("owner", _OWNER),
    ),
    "activities": (
        _text(
            "id",
            """activity id, task id, event id, engagement id, meeting id, call id, id, record id,
            do not modify activity, do not modify task, external id""",
        ),
        _key("deal", _DEAL),
        _who("rep", _OWNER + ", assigned to user, activity owner, organizer, host, completed by, created by"),
        _date(
            "at",
            """activity date time, activity, at, occurred, happened, start, start date time, started, meeting start,
            scheduled, due, timestamp, hs timestamp, date, time, when, completed, completed date time, done, end,
            created, create, datum, fecha, data""",
        ),
        _text(
            "kind",
            """kind, type, activity type, task type, engagement type, event type, task subtype, event subtype,
            category, art, typ, tipo, soort""",
        ),
        _text("planned", "planned, is planned, geplant, planificado"),
        _text(
            "done", "done, is done, is closed, is completed, completed, marked as done, status, task status, erledigt"
        ),
    ),
    "calls": (
        _text(
            "id",
            """call id, call sid, id, sid, unique id, call uuid, uuid, call record id, task id, activity id,
            engagement id, record id, external id, call object""",
        ),
        _who("rep", _OWNER + ", agent extension, extension, assigned to user, callee agent, call owner"),
        _who("account", _ACCOUNT),
        _key("deal", _DEAL),
        _date(
            "started_at",
            """started, start, call start, call started, call, calldate, begin, initiated, connected, timestamp,
            hs timestamp, activity date time, completed date time, activity, date, time, at, when, created, create""",
        ),
        _date("ended_at", "ended, end, call end, call ended, hangup, finished"),
        _text(
            "seconds",
            """seconds, duration seconds, duration in seconds, duration sec, duration s, call duration in seconds,
            call duration seconds, call seconds, talk seconds, billsec, billable seconds, talk time, talk time seconds,
            call duration, duration, length, call length, dauer, durée, duración, duração, duur, durata""",
        ),
        _text("minutes", "minutes, duration in minutes, duration minutes, duration min, call minutes, talk minutes"),
        _text(
            "milliseconds",
            "duration ms, duration milliseconds, duration in milliseconds, milliseconds, call duration ms, "
            "hs call duration",
        ),
        _text("direction", "direction, call direction, call type, richtung, sens, dirección, type"),
        _who(
            "supervisor", "supervisor, coach, monitor, monitored by, listener, supervised by, coached by, listened by"
        ),
        _text(
            "mode",
            """mode, supervision mode, supervision, monitoring mode, coaching mode, monitor mode, monitor type,
            coaching type, action""",
        ),
        _text("record_type", "task subtype, engagement type, activity type, record type, type"),
        _text(
            "caller",
            """from, src, source, caller, from name, from extension, from extension number, from number,
            from phone number, calling number""",
        ),
        _text(
            "callee",
            """to, dst, destination, callee, to name, to extension, to extension number, to number, to phone number,
            called number""",
        ),
        _text("application", "lastapp, last application"),
        _text("application_data", "lastdata, last data"),
    ),
    "sessions": (
        _text(
            "id",
            """session id, coaching id, coaching session id, meeting id, one on one id, id, record id, external id,
            reference""",
        ),
        _who("rep", _REP),
        _who("coach", _COACH),
        _text(
            "kind",
            """kind, session kind, session type, type of session, meeting type, coaching type, type, art, typ,
            gesprächsart, art des gesprächs, type d'entretien, type de séance, tipo, tipo de sesión, soort,
            type gesprek, tipo di sessione""",
        ),
        _date(
            "planned_on",
            """planned, planned for, scheduled, scheduled for, appointment, geplant, geplant am, geplant für, termin,
            prévu, prévu le, prévue le, planifié le, planificado, planificada el, programado, previsto, prevista,
            gepland, gepland op, pianificato, pianificato il""",
        ),
        _date(
            "held_at",
            """held, took place, happened, conducted, completed, done, actual, gehalten, gehalten am, durchgeführt,
            durchgeführt am, stattgefunden am, tenu le, tenue le, réalisé le, réalisée le, realizado, realizada,
            realizado el, realizada el, celebrada el, gehouden, gehouden op, uitgevoerd op, svolto il, svolta il""",
        ),
        _text(
            "on",
            """date, day, when, session date, meeting date, coaching date, date of session, date time, datum, tag,
            gesprächsdatum, date de séance, date de l'entretien, jour, fecha, fecha de la sesión, dia, datum gesprek,
            data, data della sessione""",
        ),
        _text(
            "status",
            """status, session status, meeting status, state, outcome, result, zustand, ergebnis, statut, état, estado,
            resultado, stand, stato, esito""",
        ),
        _text(
            "missed_by",
            """missed by, no show by, no show, cancelled by, canceled by, versäumt von, abgesagt von, ausgefallen durch,
            manqué par, annulé par, cancelado por, perdida por, gemist door, afgezegd door, mancato da""",
        ),
        _text(
            "minutes",
            """minutes, mins, duration, length, duration minutes, duration in minutes, duration min, session length,
            dauer, dauer in minuten, dauer min, minuten, durée, durée en minutes, duración, duración en minutos,
            minutos, duur, duur in minuten, durata, durata in minuti, minuti""",
        ),
        _text("method", "method, coaching method, technique, approach, methode, méthode, método, metodo, werkwijze"),
        _text(
            "angle",
            "angle, perspective, point of view, blickwinkel, perspektive, ansatz, angle d'approche, enfoque, ángulo, "
            "invalshoek, punto di vista",
        ),
        _text("skill", _SKILL + ", focus, topic, thema, thème, tema, onderwerp"),
        _text(
            "trigger",
            """trigger, motivation trigger, motivation, motivator, lever, anreiz, auslöser, motivationsauslöser, levier,
            déclencheur, desencadenante, motivación, motivador, drijfveer, prikkel, leva, stimolo""",
        ),
        _text("tone", "tone, tone of voice, ton, tonfall, tono, toon"),
        _text(
            "questions",
            """questions, questions asked, number of questions, question count, fragen, gestellte fragen, anzahl fragen,
            questions posées, preguntas, preguntas hechas, vragen, aantal vragen, domande""",
        ),
        _text(
            "instructions",
            """instructions, instructions given, number of instructions, instruction count, directives, anweisungen,
            anzahl anweisungen, consignes, instrucciones, instructies, aantal instructies, istruzioni""",
        ),
    ),
    "observations": (
        _text("id", "observation id, assessment id, evaluation id, visit id, id, record id, external id, reference"),
        _who("rep", _REP + ", observed person, observee, beobachteter, persona observada"),
        _who(
            "observer",
            """observer, observed by, scored by, rated by, assessor, rater, evaluator, reviewer, beobachter,
            beobachtet von, bewerter, bewertet von, observateur, observé par, évaluateur, évalué par, observador,
            observado por, evaluador, evaluado por, beoordelaar, geobserveerd door, osservatore, osservato da, """
            + _COACH,
        ),
        _date(
            "observed_at",
            """observed, observation, scored, assessed, visit, call, visited, beobachtet, beobachtet am,
            beobachtungsdatum, bewertet am, besuch, observé le, évalué le, observado, observado el, evaluado el,
            geobserveerd op, beoordeeld op, osservato il, date, day, when, at, time, datum, tag, jour, fecha, data""",
        ),
        _text("channel", "channel, setting, medium, kanal, canal, kanaal, canale"),
        _text(
            "mode",
            """mode, live mode, live call mode, supervision mode, supervision, listening mode, modus, mithören,
            mode d'écoute, modo, modo de escucha, modalità""",
        ),
        _text(
            "scorecard",
            """scorecard, score card, form, template, rubric, checklist, bewertungsbogen, beobachtungsbogen, bogen,
            formular, grille, grille d'évaluation, grille d'observation, ficha, plantilla, formulario, scorekaart,
            formulier, scheda""",
        ),
        _text("skill", _SKILL + ", criterion, item, question, kriterium, critère, criterio, criterium"),
        _text(
            "level",
            """level, score, rating, grade, mark, points, value, stufe, bewertung, punkte, punktzahl, niveau, nivel,
            puntuación, puntaje, valoración, pontuação, cijfer, livello, punteggio""",
        ),
        _text(
            "evidence",
            """evidence, what was seen, comment, comments, note, notes, remark, remarks, beleg, belege, kommentar,
            bemerkung, anmerkung, notiz, preuve, preuves, commentaire, remarque, evidencia, comentario, comentarios,
            observaciones, bewijs, opmerking, toelichting, evidenza, commento""",
        ),
        _text(
            "visibility",
            "visibility, shared, shared or private, sichtbarkeit, visibilité, visibilidad, zichtbaarheid, visibilità",
        ),
    ),
    "plans": (
        _text("id", "objective id, goal id, target id, id, record id, external id, reference"),
        _who("rep", _REP),
        _who("coach", _COACH + ", agreed with, vereinbart mit, convenu avec, acordado con"),
        _text(
            "metric",
            """metric, kpi, measure, indicator, key figure, kennzahl, messgröße, indicateur, métrique, indicador,
            métrica, kengetal, maatstaf, indicatore, metrica""",
        ),
        _text(
            "baseline",
            """baseline, baseline value, start value, starting value, starting point, current value, current,
            ausgangswert, basiswert, startwert, istwert, ist, valeur de départ, valeur initiale, valor inicial,
            línea base, valor de partida, uitgangswaarde, startwaarde, nulmeting, valore iniziale""",
        ),
        _text(
            "target",
            """target, target value, goal, goal value, objective, ziel, zielwert, soll, sollwert, objectif, cible,
            valeur cible, objetivo, meta, valor objetivo, doel, doelwaarde, obiettivo, valore obiettivo""",
        ),
        _text(
            "target_kind",
            """target kind, target type, kind of target, type of target, goal type, zielart, art des ziels,
            type d'objectif, type de cible, tipo de objetivo, tipo de meta, soort doel, tipo di obiettivo""",
        ),
        _date(
            "agreed_on",
            """agreed, agreement, start, started, begin, set, vereinbart, vereinbart am, vereinbarung, beginn,
            convenu le, fixé le, début, acordado, acordado el, inicio, afgesproken, afgesproken op, concordato il,
            inizio""",
        ),
        _date(
            "due_on",
            """due, deadline, target end, end, until, by, fällig, fällig am, frist, bis, zieldatum, échéance, pour le,
            fin, vencimiento, fecha límite, hasta, uiterlijk, vervalt op, tot, scadenza, entro""",
        ),
        _text(
            "why",
            """why, why it matters, reason, rationale, warum, grund, begründung, pourquoi, raison, motif, por qué,
            motivo, razón, waarom, reden, perché, motivo""",
        ),
    ),
    "absences": (
        _who("rep", _REP + ", name, absent person, naam, nom, nombre, nome"),
        _date("from", _FIRST_DAY + ", first day, absent from, erster tag, abwesend von, premier jour, primer día"),
        _date("to", _LAST_DAY + ", last day, absent until, letzter tag, abwesend bis, dernier jour, último día"),
        _text(
            "reason",
            """reason, absence reason, absence type, leave type, kind, type, grund, abwesenheitsgrund, abwesenheitsart,
            art, motif, type d'absence, motivo, tipo de ausencia, tipo, reden, soort verlof, causale""",
        ),
    ),
    "holidays": (
        _text(
            "date",
            """date, day, on, holiday date, date of holiday, on date, datum, tag, feiertag am, jour, date du jour férié,
            fecha, día, fecha del festivo, dag, data, giorno""",
        ),
        _text(
            "region",
            """region, country, state, territory, location, office, calendar, bundesland, land, gebiet, standort,
            région, pays, región, país, regio, regione, paese""",
        ),
        _text(
            "name",
            """name, holiday name, holiday, title, description, bezeichnung, feiertag, nom, jour férié, férié, nombre,
            festivo, naam, feestdag, nome, festività""",
        ),
    ),
    "policy": (
        _text("role", "role, for role, position, job, job title, rolle, funktion, rôle, fonction, rol, cargo, functie"),
        _text(
            "every_days",
            """every days, every n days, every, interval, interval days, interval in days, cadence, cadence days,
            frequency, frequency days, days between sessions, alle tage, alle n tage, intervall, intervall in tagen,
            turnus, rhythmus, intervalle, intervalle en jours, cada días, intervalo, frecuencia, interval in dagen,
            frequentie, intervallo""",
        ),
        _text(
            "tolerance_days",
            """tolerance days, tolerance, tolerance in days, grace, grace days, grace period, slack, buffer, toleranz,
            toleranz in tagen, karenz, kulanz, tolérance, tolérance en jours, tolerancia, tolerantie, speling,
            tolleranza""",
        ),
        _date("from", _FIRST_DAY + ", in force, gilt ab"),
    ),
    "costs": (
        _date("from", _FIRST_DAY),
        _date("to", _LAST_DAY),
        _text(
            "kind",
            """kind, cost kind, cost type, kind of cost, type, category, kostenart, art, kategorie, nature,
            type de coût, catégorie, tipo, tipo de coste, categoría, concepto, soort, kostensoort, categorie,
            tipo di costo""",
        ),
        _text(
            "amount",
            """amount, cost, costs, value, total, sum, spend, spent, betrag, kosten, summe, montant, coût, importe,
            coste, costo, monto, bedrag, importo""",
        ),
        _text("currency", _CURRENCY),
        _who("rep", _REP),
        _who("coach", _COACH),
        _text("programme", "programme, program, coaching programme, initiative, programm, programa, programma"),
    ),
}

# Words that exports put around a column's own name ("Deal - Owner", "Opportunity Name", ``property_dealname``).
PREFIXES: dict[str, tuple[str, ...]] = {
    "deals": (
        *("deal", "opportunity", "opp", "potential", "sales opportunity", "crm", "geschäft", "transaktion", "obchod"),
        *("verkaufschance", "negocio", "oportunidad", "trattativa", "szansa"),
    ),
    "people": ("user", "employee", "rep", "sales rep", "sales agent", "agent", "person", "owner", "member", "crm"),
    "accounts": ("account", "company", "organization", "organisation", "customer", "client", "crm"),
    "products": ("product", "item", "catalog"),
    "quotas": ("quota", "target", "forecasting quota"),
    "stage-history": ("history", "stage history", "opportunity history", "deal"),
    "activities": ("activity", "task", "event", "engagement", "meeting"),
    "calls": ("call", "cdr", "activity", "task"),
    "sessions": ("session", "coaching", "coaching session", "meeting", "one on one"),
    "observations": ("observation", "coaching", "assessment"),
    "plans": ("objective", "plan", "goal"),
    "absences": ("absence", "leave"),
    "holidays": ("holiday",),
    "policy": ("policy", "cadence"),
    "costs": ("cost", "coaching", "programme"),
}
GENERAL_PREFIXES = ("property hs", "property", "hs")
SUFFIXES = (
    *("de la transaction", "de l'opportunité", "du deal", "del negocio", "de la oportunidad", "do negócio"),
    *("da oportunidade", "della trattativa", "dell'opportunità", "dell'offerta", "van de deal", "des deals"),
    *("der verkaufschance", "der transaktion"),
)
