package broker

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/netfilter"
)

// languages are all that the broker knows.
func languages() []language {
	all := []language{additions{apparmor.NewPlace(nil, nil, nil)}}
	for _, s := range netfilter.Syntaxes() {
		all = append(all, firewall{s})
	}
	return all
}

// languageOf returns the language of the rules that go to a target.
func languageOf(t Target) (language, error) {
	if t.Name == "" {
		return additions{cmp.Or(t.Place, apparmor.NewPlace(nil, nil, nil))}, nil
	}
	s := netfilter.Syntax(t.Syntax)
	if !slices.Contains(netfilter.Syntaxes(), s) {
		return nil, fmt.Errorf("unknown syntax %.40q", t.Syntax)
	}
	return firewall{s}, nil
}
