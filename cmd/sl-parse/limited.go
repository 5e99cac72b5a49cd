package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// limited are the packets whose log prefix says that their rule is limited in
// rate, by the form of the prefix and by trust. What such a rule did not log, nobody
// counts.
type limited map[limitedKey]*limitedForm

type limitedKey struct {
	form  string
	trust record.Trust
}

func (k limitedKey) compare(o limitedKey) int {
	return cmp.Or(strings.Compare(k.form, o.form), cmp.Compare(o.trust, k.trust))
}

type limitedForm struct {
	count        uint64
	prefix, file string // of the first
	line         uint64
}

func (l limited) add(f *found) {
	if f.Limited == "" {
		return
	}
	key := limitedKey{f.Limited, f.trust}
	form := l[key]
	if form == nil {
		form = &limitedForm{prefix: strings.Clone(f.text), file: strings.Clone(f.file), line: f.line}
		l[key] = form
	}
	form.count++
}

// drain returns a note for each form, and forgets them.
func (l limited) drain() (notes []*record.Note) {
	for _, key := range slices.SortedFunc(maps.Keys(l), limitedKey.compare) {
		form := l[key]
		notes = append(notes, &record.Note{
			Kind: "limited",
			Text: fmt.Sprintf("%s:%d: rules with a log prefix like %.60q are limited in rate: %d of their packets are logged, perhaps not all",
				form.file, form.line, form.prefix, form.count),
			Hint: "rules made from this log may be incomplete",
		})
	}
	clear(l)
	return notes
}
