package main

import (
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/stage"
)

// missing is what came in that a program before this one should have made rules of.
type missing struct{ records, apparmor, netfilter bool }

func (b *missing) see(m *record.Message) {
	switch {
	case m.Type == record.TypeRecord:
		b.records = true
	case m.Type == record.TypeEvent && m.Event.Kind == record.AppArmor:
		b.apparmor = true
	case m.Type == record.TypeEvent && m.Event.Kind == record.Netfilter:
		b.netfilter = true
	}
}

// tell names the program that was left out. Events for which there is no target may
// pass: a log holds both kinds, and one generator leaves those of the other.
func (b *missing) tell(s *stage.Session, targets []target) {
	if b.records {
		s.Hint("log lines came in: they go through sl-parse first")
	}
	for _, t := range targets {
		switch {
		case t.Name == "" && b.apparmor:
			s.Hint("AppArmor events came in: they go through sl-apparmor first")
		case t.Name != "" && b.netfilter:
			s.Hint("netfilter events came in: they go through sl-iptables first")
		}
	}
}
