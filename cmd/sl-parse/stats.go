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

// sorts are what an event is counted by.
type sorts struct {
	carrier, kind string
	class         string // or protocol
	trust         record.Trust
}

func sortsOf(ev *record.Event) sorts {
	s := sorts{carrier: ev.Carrier, kind: ev.Kind, class: ev.Fields[record.FClass], trust: ev.Trust}
	if ev.Kind == record.Netfilter {
		s.class = ev.Fields[record.FProto]
	}
	return s
}

// event counts an event.
func (st stats) event(s sorts) {
	st.add("carrier", s.carrier)
	st.add(s.kind, s.class)
	st.add("trust", s.trust.String())
}

// Why a line was skipped.
const (
	nothing   = "no message of AppArmor or netfilter"
	leftOut   = "left out by --only"
	metBefore = "an audit record that was met before"
)

// skip counts a line that is skipped although it is an event.
func (st stats) skip(why string) { st.add("skipped:", why) }

// say prints the counts on standard error.
func (st stats) say(s *stage.Session) {
	skipped := "skipped: "
	st[skipped+nothing] = s.End.Skipped - st[skipped+leftOut] - st[skipped+metBefore]
	s.Say(fmt.Sprintf("%10d lines", s.End.In))
	for _, what := range slices.Sorted(maps.Keys(st)) {
		s.Say(fmt.Sprintf("%10d %s", st[what], what))
	}
}
