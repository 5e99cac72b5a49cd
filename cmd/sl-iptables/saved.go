package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter/ruleset"
	"github.com/sl-suite/sl/lib/stage"
)

// A savedRuleset is a file of --ruleset as it is. It is taken apart in the second
// start.
type savedRuleset struct {
	Path string
	Text []byte
}

// open reads the files that the flags name, which the second start cannot.
func (f *flags) open(*stage.First) (err error) {
	if f.NeverNets, err = f.resolveNever(); err != nil {
		return err
	}
	for _, path := range f.Ruleset {
		text, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("--ruleset: %w", err)
		}
		f.Saved = append(f.Saved, savedRuleset{path, text})
	}
	for _, path := range f.Interfaces {
		text, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("--interfaces: %w", err)
		}
		if f.Known = append(f.Known, strings.Fields(string(text))...); f.Known == nil {
			return fmt.Errorf("--interfaces: %s: no name in it", path)
		}
	}
	return nil
}

// parse takes them apart; nil where there are none.
func parse(saved []savedRuleset) (*ruleset.Ruleset, error) {
	if len(saved) == 0 {
		return nil, nil
	}
	rs := new(ruleset.Ruleset)
	for _, s := range saved {
		if err := rs.Add(s.Text); err != nil {
			return nil, stage.WithHint(fmt.Errorf("%s: %w", s.Path, err),
				"--ruleset reads what iptables-save, ip6tables-save and nft -j list ruleset print")
		}
	}
	return rs, nil
}
