package kernlog

import "github.com/sl-suite/sl/lib/record"

// ParseJournal is [Parser.ParseEntry] for the record of an entry of a journal that
// sl-read read: the entry in the Journal Export Format, without the newlines at its
// end. In a journal that is not this machine's own, whoever sent the entry may have
// written its fields, so it earns no more than any local user's line.
func (p *Parser) ParseJournal(text string, src *record.Source, e *Entry, ev *record.Event) (Result, error) {
	*e, *ev = Entry{}, record.Event{}
	var x Export
	n := 0
	for one := range x.Entries(append([]byte(text), "\n\n"...)) {
		*e = *one
		n++
	}
	if err := x.Err(); err != nil {
		return Result{}, err
	}
	if n != 1 || x.Inside() {
		return Result{}, &Error{0, "the record of a journal is not one entry in the export format"}
	}
	res, err := p.ParseEntry(e, ev)
	if res.Kind == Loss && !ownJournal(src) && res.Trust > record.TrustLog {
		res.Trust, res.Reason = record.TrustLog, reasonOther
	}
	if err == nil && res.Kind == Event && !ownJournal(src) && ev.Trust > record.TrustLog {
		ev.Trust, ev.Reason, ev.PrefixTrust = record.TrustLog, reasonOther, record.TrustNone
	}
	return res, err
}

// ownJournal reports whether nobody but this machine's journald has written a source.
func ownJournal(src *record.Source) bool {
	return src.Journal == record.JournalOwn && src.Kind == "file" && src.UID == 0 && ownersOnly(src)
}
