package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/stage"
)

// stats counts what the lines were; nil, without --stats, counts nothing.
type stats map[string]uint64

// add counts a line by what it is and, where that says more, of which sort.
func (st stats) add(what, sort string) {
	if st == nil {
		return
	}
	if sort != "" {
		what += " " + sort
	}
	st[what]++
}

// event counts an event by its carrier and by its class or protocol.
func (st stats) event(ev *record.Event) {
	sort := ev.Fields[record.FClass]
	if ev.Kind == record.Netfilter {
		sort = ev.Fields[record.FProto]
	}
	st.add("carrier", ev.Carrier)
	st.add(ev.Kind, sort)
	st.add("trust", ev.Trust.String())
}

// say prints the counts on standard error.
func (st stats) say(s *stage.Session) {
	s.Say(fmt.Sprintf("%10d lines", s.End.In))
	s.Say(fmt.Sprintf("%10d nothing for this stage", s.End.Skipped))
	for _, what := range slices.Sorted(maps.Keys(st)) {
		s.Say(fmt.Sprintf("%10d %s", st[what], what))
	}
}
