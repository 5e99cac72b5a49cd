package main

import (
	"fmt"
	"slices"

	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/sandbox/internal/act"
)

// A program is one whose policy is tried. It bears the program's name, too, by
// which AppArmor's profile is found.
type program struct {
	name, calls string
}

var programs = []program{
	{"sl-read", "read"},
	{"sl-parse", "pure"},
	{"sl-apparmor", "pure"},
	{"sl-iptables", "pure"},
	{"sl-write", "write"},
}

func choose(names []string) ([]program, error) {
	if len(names) == 0 {
		return programs, nil
	}
	var chosen []program
	for _, n := range names {
		i := slices.IndexFunc(programs, func(p program) bool { return p.name == n })
		if i < 0 {
			return nil, fmt.Errorf("no program is called %q", n)
		}
		chosen = append(chosen, programs[i])
	}
	return chosen, nil
}

func (p program) policy() sandbox.Policy { return sandbox.Policy{Calls: p.calls, Data: 1 << 30} }

// handoff is what the program takes along in this scene.
func (p program) handoff(s *act.Scene) sandbox.Handoff {
	if p.calls == "write" {
		return sandbox.Handoff{Folders: []string{s.Inside}}
	}
	return sandbox.Handoff{}
}
