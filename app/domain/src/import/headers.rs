//! The words banks put at the head of a column, in ten languages, as [`folded`] writes them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::columns::Role;

/// Lower case without accents; anything but letters and digits is one blank.
pub(super) fn folded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => text.push_str("ss"),
            'ø' => text.push('o'),
            'ł' => text.push('l'),
            'æ' => text.push_str("ae"),
            c if c.is_alphanumeric() => text.push(c),
            _ if text.ends_with(' ') => {}
            _ => text.push(' '),
        }
    }
    text.trim().to_owned()
}

/// How well a name says that a column has this role: 0 is best, nothing means it doesn't.
///
/// The whole name counts more than a known word inside it ("Amount (USD)").
pub(super) fn fit(role: Role, name: &str) -> Option<usize> {
    let name = folded(name);
    let words = words(role);
    if let Some(at) = words.iter().position(|word| *word == name) {
        return Some(at);
    }
    let padded = format!(" {name} ");
    let inside =
        words.iter().position(|word| word.len() > 2 && padded.contains(&format!(" {word} ")))?;
    Some(inside.saturating_add(1_000))
}

/// True when this is the whole name, not a word inside it.
pub(super) const fn is_exact(fit: usize) -> bool {
    fit < 1_000
}

/// How many different roles these names stand for, whole names only.
pub(super) fn known_roles(cells: &[String]) -> usize {
    let names: Vec<String> = cells.iter().map(|cell| folded(cell)).collect();
    let is_named = |role: &&Role| names.iter().any(|name| words(**role).contains(&name.as_str()));
    Role::ALL.iter().filter(is_named).count()
}

/// Best first.
#[rustfmt::skip]
const fn words(role: Role) -> &'static [&'static str] {
    match role {
        Role::Date => &[
            "transaction date", "trans date", "date", "booking date", "posting date", "posted date", "post date", "started date",
            "completed date", "day", "created", "effective date", "value date",
            "buchungstag", "buchungsdatum", "datum", "buchung", "umsatzdatum", "valutadatum", "wertstellung", "wertstellungstag",
            "date operation", "date de l operation", "date d operation", "date comptable", "date de comptabilisation", "date valeur", "date de valeur",
            "fecha", "fecha operacion", "fecha de operacion", "fecha contable", "f operativa", "fecha valor",
            "data", "data operazione", "data contabile", "data registrazione", "data valuta",
            "boekdatum", "transactiedatum", "rentedatum", "boekingsdatum",
            "data mov", "data movimento", "data do movimento", "data lancamento", "data valor", "data da operacao",
            "data operacji", "data ksiegowania", "data transakcji", "data waluty",
            "bokforingsdag", "bokforingsdatum", "transaktionsdag", "transaktionsdatum", "valutadag",
            "dato", "bogfort", "bogforingsdato", "bogforingsdag", "rentedato", "valuta",
        ],
        Role::Description => &[
            "description", "transaction description", "merchant name", "merchant", "payee", "details", "transaction details", "narrative",
            "particulars", "name", "counterparty", "memo", "text", "what", "transaction", "reference",
            "verwendungszweck", "auftraggeber empfanger", "beguenstigter zahlungspflichtiger", "empfanger", "zahlungsempfanger",
            "name zahlungsbeteiligter", "buchungstext", "beschreibung", "bezeichnung",
            "libelle", "libelle operation", "libelle simplifie", "intitule", "operation", "detail",
            "concepto", "descripcion", "movimiento", "detalle", "beneficiario",
            "descrizione", "descrizione operazione", "causale", "dettagli", "operazione",
            "naam omschrijving", "omschrijving", "naam tegenpartij", "mededelingen",
            "descricao", "descritivo", "historico", "movimento",
            "opis operacji", "opis", "tytul", "tytul operacji", "opis transakcji", "szczegoly",
            "beskrivning", "meddelande", "mottagare", "transaktion",
            "beskrivelse", "tekst", "posteringstekst",
        ],
        Role::Amount => &[
            "amount", "transaction amount", "net amount", "amt", "sum", "betrag", "umsatz", "montant", "importe", "cantidad", "monto",
            "importo", "bedrag", "valor", "montante", "quantia", "kwota", "kwota operacji", "kwota transakcji", "belopp", "belob", "value",
        ],
        Role::Debit => &[
            "debit", "debit amount", "debits", "withdrawal", "withdrawals", "withdrawal amount", "paid out", "money out", "spent", "out",
            "soll", "belastung", "lastschrift", "ausgang", "depense", "sortie", "cargo", "cargos", "debe", "adeudo", "gasto",
            "addebito", "addebiti", "uscite", "dare", "uitgaven", "debito", "debitos", "saida", "saidas",
            "obciazenia", "obciazenie", "wydatki", "uttag", "utgift", "haevet", "udgift", "ud",
        ],
        Role::Credit => &[
            "credit", "credit amount", "credits", "deposit", "deposits", "deposit amount", "paid in", "money in", "received", "in",
            "haben", "gutschrift", "eingang", "recette", "entree", "abono", "abonos", "haber", "ingreso",
            "accredito", "accrediti", "entrate", "avere", "inkomsten", "credito", "creditos", "entrada", "entradas",
            "uznania", "uznanie", "wplywy", "insattning", "inkomst", "indsat", "indtaegt", "ind",
        ],
        Role::Indicator => &[
            "indicator", "debit credit", "credit debit", "debit credit indicator", "dr cr", "cr dr", "debit or credit", "creditdebit", "type",
            "transaction type", "soll haben", "s h", "soll haben kennzeichen", "sens", "tipo", "segno", "af bij", "bij af", "sinal", "d c",
            "rodzaj", "typ", "direction",
        ],
        Role::Currency => &[
            "currency", "ccy", "currency code", "cur", "wahrung", "devise", "moneda", "divisa", "munt", "muntsoort", "moeda",
            "waluta", "valutakod", "valutakode", "valuta",
        ],
        Role::Category => &["category", "kategorie", "categorie", "categoria", "kategoria", "kategori", "rubrique"],
        Role::Note => &[
            "note", "notes", "comment", "comments", "memo", "notiz", "bemerkung", "remarque", "commentaire", "nota", "notas", "notities",
            "observaciones", "observacoes", "notatka", "uwagi", "anteckning", "kommentar", "bemaerkning",
        ],
        Role::Balance => &[
            "balance", "running balance", "running bal", "account balance", "balance after", "available balance", "saldo", "kontostand",
            "saldo nach buchung", "solde", "saldo disponible", "saldo contabile", "saldo na mutatie", "saldo contabilistico", "saldo po operacji",
            "saldo po transakcji",
        ],
        Role::ExternalId => &[
            "transaction id", "fitid", "external id", "unique id", "id", "reference number", "ref no", "transaktions id", "transaktionsid",
            "numer transakcji", "referencia", "reference id",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_accents_and_punctuation() {
        assert_eq!(folded(" Währung "), "wahrung");
        assert_eq!(folded("Beløb (DKK)"), "belob dkk");
        assert_eq!(folded("Data księgowania"), "data ksiegowania");
        assert_eq!(folded("Größe/Straße"), "grosse strasse");
        assert_eq!(folded("Insättning"), "insattning");
    }

    #[test]
    fn every_word_is_written_as_names_are_folded() {
        for role in Role::ALL {
            for word in words(*role) {
                assert_eq!(folded(word), *word);
            }
        }
    }

    #[test]
    fn the_whole_name_counts_more_than_a_word_inside_it() {
        assert_eq!(fit(Role::Amount, "Amount"), Some(0));
        assert!(is_exact(fit(Role::Amount, "Amount").unwrap()));
        assert!(!is_exact(fit(Role::Amount, "Amount (USD)").unwrap()));
        assert_eq!(fit(Role::Amount, "Discount"), None);
        assert_eq!(fit(Role::Debit, "Check-in"), None);
    }

    #[test]
    fn headers_in_ten_languages_are_known() {
        for header in [
            "Date,Description,Amount,Balance",
            "Buchungstag,Verwendungszweck,Betrag,Währung",
            "Date opération,Libellé,Débit,Crédit",
            "Fecha,Concepto,Importe,Saldo",
            "Data contabile,Descrizione,Importo,Divisa",
            "Datum,Naam / Omschrijving,Bedrag,Af Bij",
            "Data mov.,Descrição,Valor,Saldo",
            "Data operacji,Opis operacji,Kwota,Waluta",
            "Bokföringsdag,Beskrivning,Belopp,Saldo",
            "Bogføringsdato,Tekst,Beløb,Saldo",
        ] {
            let cells: Vec<String> = header.split(',').map(str::to_owned).collect();
            assert!(known_roles(&cells) >= 4, "{header}");
        }
    }
}
