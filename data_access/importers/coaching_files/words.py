"""What words in the cells of coaching files mean, in the languages of the common systems. Holds tables,"
"reads nothing."""

from __future__ import annotations

from coaching import costs, observations, plans, sessions
from data_access.importers.names import normalised

AS_IN_COMPANY = "as in the company"
"""Says that two people met, not who the coach is: whether that is the own manager follows from the company."""


def _table(values: tuple[str, ...], entries: dict[str, str]) -> dict[str, str]:
    """Squashed word -> value; a value is always a word for itself. Entries are separated by commas."""
    table = {normalised(value) or value: value for value in values}
    for value, words in entries.items():
        table |= {normalised(word) or word: value for word in words.split(",")}
    return table


SESSION_KINDS = _table(
    tuple(sessions.KINDS),
    {
        "own_manager": "manager, own, line manager, direct manager, eigene führungskraft, führungskraft,"
        "manager direct,"
        "jefe directo, eigen manager, manager diretto",
        "other_coach": "coach, other, external coach, anderer coach, andere führungskraft, autre coach, otro coach,"
        "andere coach, altro coach",
        "peer": "peers, colleague, peer coaching, kollege, kollegin, kollegial, pair, collègue, compañero, collega",
        "group": "team, workshop, group session, gruppe, team meeting, groupe, équipe, grupo, equipo, groep, gruppo",
        AS_IN_COMPANY: "one on one, one to one, 1:1, 1 on 1, 1-1, individual, one-on-one, einzelgespräch, einzel,"
        "vier augen,"
        "entretien individuel, individuel, individuale, individueel, één op één",
    },
)
STATUSES = _table(
    tuple(sessions.STATUSES),
    {
        "planned": "scheduled, open, upcoming, booked, pending, geplant, offen, anstehend, prévu, prévue, planifié,"
        "planificado, planificada, programado, previsto, gepland, pianificato, pianificata",
        "held": "done, completed, complete, closed, took place, happened, finished, attended, gehalten, durchgeführt,"
        "erledigt, stattgefunden, abgeschlossen, tenu, tenue, réalisé, réalisée, fait, terminé, realizado, realizada,"
        "hecho, celebrado, gehouden, uitgevoerd, afgerond, svolto, svolta, tenuto",
        "moved": "rescheduled, postponed, verschoben, verlegt, reporté, reportée, déplacé, aplazado, aplazada,"
        "reprogramado,"
        "verzet, verplaatst, uitgesteld, rinviato, spostato",
        "missed": "no show, noshow, cancelled, canceled, did not happen, skipped, ausgefallen, versäumt, verpasst,"
        "abgesagt, manqué, manquée, annulé, annulée, cancelado, cancelada, perdido, gemist, afgezegd, geannuleerd,"
        "mancato, annullato, saltato",
        "excused": "absent, on leave, ill, sick, entschuldigt, krank, abwesend, excusé, excusée, absent justifié,"
        "justificado, justificada, disculpado, verontschuldigd, afwezig, ziek, giustificato, assente",
    },
)
MISSED_BY = _table(
    sessions.MISSED_BY,
    {
        "rep": "sales rep, coachee, employee, seller, mitarbeiter, verkäufer, vendeur, collaborateur, vendedor,"
        "empleado,"
        "verkoper, medewerker, venditore",
        "coach": "manager, trainer, supervisor, führungskraft, vorgesetzter, responsable, jefe, leidinggevende,"
        "responsabile",
    },
)
METHODS = _table(
    tuple(sessions.METHODS),
    {
        "training": "schulung, formation, formación, opleiding, formazione, teaching",
        "reinforcement": "practice, verstärkung, übung, festigung, renforcement, refuerzo, versterking, rinforzo",
        "role_play": "roleplay, rollenspiel, jeu de rôle, juego de roles, juego de rol, rollenspel, gioco di ruolo",
        "test": "quiz, prüfung, prueba, examen, toets, prova",
        "challenge": "herausforderung, défi, desafío, reto, uitdaging, sfida",
        "questioning": "questions, asking, fragen, questionnement, preguntas, vragen, domande",
        "technology": "tool, tools, technik, technologie, technologie, tecnología, tecnologia, e-learning",
        "demonstration": "demo, shadowing, vorführung, vormachen, démonstration, demostración, demonstratie,"
        "dimostrazione",
    },
)
TRIGGERS = _table(
    tuple(sessions.TRIGGERS),
    {
        "praise": "lob, éloge, félicitations, elogio, lof, lode",
        "recognition": "anerkennung, reconnaissance, reconocimiento, erkenning, riconoscimento",
        "relationships": "relationship, beziehung, beziehungen, relations, relaciones, relaties, relazioni",
        "money": "bonus, commission, geld, prämie, argent, prime, dinero, comisión, denaro",
        "competition": "contest, wettbewerb, compétition, concours, competencia, concurso, wedstrijd, gara",
        "challenge_positive": "positive challenge, challenge, encouraging challenge, positive herausforderung,"
        "défi positif, desafío positivo, positieve uitdaging, sfida positiva",
        "challenge_negative": "negative challenge, provoking challenge, negative herausforderung, défi négatif,"
        "desafío negativo, negatieve uitdaging, sfida negativa",
    },
)
CHANNELS = _table(
    tuple(observations.CHANNELS),
    {
        "field": "ride along, ridealong, visit, on site, in person, face to face, außendienst, vor ort, besuch,"
        "mitfahrt,"
        "terrain, sur place, visite, campo, visita, presencial, buitendienst, bezoek, op locatie",
        "phone": "call, telephone, live call, telefon, anruf, téléphone, appel, teléfono, llamada, telefoon, telefono",
        "video": "video call, online, virtual, remote, videoanruf, visio, visioconférence, videollamada, videogesprek,"
        "videochiamata",
        "recorded": "recording, recorded call, call recording, aufzeichnung, aufnahme, enregistrement,"
        "appel enregistré,"
        "grabación, grabada, opname, opgenomen, registrazione",
        "role_play": "roleplay, simulation, rollenspiel, jeu de rôle, juego de roles, rollenspel, gioco di ruolo",
    },
)
LIVE_MODES = _table(
    tuple(observations.LIVE_MODES),
    {
        "none": "no, not live, off, kein, keine, nein, aucun, non, ninguno, geen, nee, nessuno",
        "listen": "listening, listened, listen in, monitor, monitoring, silent, mithören, zuhören, écoute, escucha,"
        "meeluisteren, ascolto",
        "whisper": "whispering, whispered, coach, coaching, flüstern, chuchotement, chuchoter, susurro, fluisteren,"
        "sussurro",
        "barge": "barging, barged, barge in, join, joined, conference, aufschalten, intervention, intervenir,"
        "intervención,"
        "inbreken, intervento",
    },
)
VISIBILITIES = _table(
    observations.VISIBILITIES,
    {
        "shared": "public, yes, true, open, geteilt, öffentlich, ja, partagé, partagée, oui, compartido, compartida,"
        "sí,"
        "gedeeld, condiviso, condivisa, 1",
        "private": "no, false, confidential, privat, vertraulich, nein, privé, privée, non, privado, privada, privato,"
        "privata, nee, 0",
    },
)
TARGET_KINDS = _table(
    tuple(plans.TARGET_KINDS),
    {
        "absolute": "value, level, amount, absolut, wert, absolu, valeur, absoluto, valor, absoluut, waarde, assoluto",
        "relative": "percent, %, per cent, percentage, change, growth, relativ, prozent, relatif, pourcent,"
        "pourcentage,"
        "relativo, porcentaje, relatief, procent, percentuale",
        "points": "point, pts, pp, percentage points, prozentpunkte, punkte, pp., points de pourcentage, puntos,"
        "puntos porcentuales, procentpunten, punten, punti, punti percentuali",
    },
)
ROLES = _table(
    ("rep", "manager", "leader"),
    {
        "rep": "reps, sales rep, sales representative, seller, account executive, verkäufer, vertriebsmitarbeiter,"
        "mitarbeiter, vendeur, commercial, vendedor, comercial, verkoper, venditore",
        "manager": "managers, sales manager, team lead, teamleiter, führungskraft, vertriebsleiter, responsable, jefe,"
        "gerente, leidinggevende, responsabile",
        "leader": "leaders, sales leader, director, head of sales, vp, vp sales, direktor, bereichsleiter, directeur,"
        "directrice, direttore",
    },
)
COST_KINDS = _table(
    tuple(costs.KINDS),
    {
        "coach hours": "coach time, coaching hours, coach, coachstunden, stunden der coaches, heures de coach,"
        "horas de coach, coachuren, ore coach",
        "rep hours": "rep time, seller hours, verkäuferstunden, mitarbeiterstunden, heures des vendeurs,"
        "horas de vendedor, verkopersuren, ore venditori",
        "preparation": "prep, vorbereitung, préparation, preparación, voorbereiding, preparazione",
        "tools": "tool, licences, licenses, software, lizenzen, werkzeuge, outils, licence, herramientas, licencias,"
        "licenties, strumenti, licenze",
        "training": "coach training, schulung, ausbildung, formation, formación, opleiding, formazione",
        "travel": "travel costs, reise, reisekosten, voyage, déplacement, viajes, viaje, reiskosten, viaggi",
        "management": "programme management, program management, administration, leitung, verwaltung, gestion, gestión,"
        "beheer, gestione",
        "evaluation": "assessment, measurement, auswertung, évaluation, evaluación, evaluatie, valutazione",
        "other": "others, miscellaneous, sonstiges, andere, autre, autres, otros, otro, overig, overige, altro, altri",
    },
)
