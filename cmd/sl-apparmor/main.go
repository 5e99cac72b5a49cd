// Sl-apparmor makes AppArmor profile rules from the denials in a stream.
package main

import (
	"cmp"
	"errors"
	"iter"
	"os"
	"runtime/debug"
	"slices"
	"strconv"

	"github.com/sl-suite/sl/lib/apparmor/propose"
	"github.com/sl-suite/sl/lib/folder"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/stage"
)

type flags struct {
	stage.Common
	Raw         bool   `short:"r" help:"print rule text for people instead of records"`
	Empty       bool   `short:"e" help:"exit with 4 where no rule was made"`
	Policy      string `placeholder:"DIR" help:"leave out what the policy in this folder allows already (/etc/apparmor.d)"`
	NoPolicy    bool   `help:"read no policy"`
	Parser      string `enum:"3,4,5," default:"" placeholder:"3|4|5" help:"which apparmor_parser the rules are for (that of the policy's newest abi, else 3)"`
	Exec        string `enum:"note,ix,px,cx" default:"note" placeholder:"ix|px|cx|note" help:"what a denied exec becomes; note makes no rule and names the choices"`
	Glob        int    `placeholder:"N" help:"from N files of one folder on, one rule for the folder"`
	NoVariables bool   `help:"leave names as they are that are others at every run: put no variables into rules"`
	Exact       bool   `help:"make no rule wider than what was denied: no variables, no globs, no network rule that --parser=3 takes"`
	SinceReload bool   `help:"leave out what was denied before its profile was last loaded only"`
	Explain     string `placeholder:"TEXT" help:"print why the rules are as they are that the text names: a rule, or a path"`
	ShowAllowed bool   `help:"name each rule that the policy has already"`

	Installed folder.Files `kong:"-"`
}

// Validate refuses what contradicts itself.
func (f *flags) Validate() error {
	switch {
	case f.NoPolicy && f.Policy != "":
		return errors.New("--policy and --no-policy exclude each other")
	case f.NoPolicy && f.ShowAllowed:
		return errors.New("--show-allowed needs a policy")
	case f.Exact && f.Glob != 0:
		return errors.New("--exact and --glob exclude each other")
	case f.Glob < 0 || f.Glob == 1:
		return errors.New("--glob takes a number from 2 on")
	}
	return nil
}

func main() {
	var f flags
	os.Exit(stage.Main(&stage.Program{
		Name:  "sl-apparmor",
		About: "make AppArmor rules from the denials in a stream",
		Synopsis: []string{
			"[-eqr] [--policy DIR | --no-policy] [--parser 3|4|5] [--exec ix|px|cx|note] [--no-variables] [--glob N | --exact] [--since-reload] [--show-allowed] [--explain TEXT]",
		},
		Flags:      &f,
		ReadsInput: true,
		Policy:     sandbox.Policy{Calls: "pure", Data: 2 << 30},
		Open:       f.open,
		Run:        f.run,
	}))
}

func (f *flags) run(s *stage.Session) error {
	// What is kept stays to the end, so it is most of the memory: collected when it
	// has grown by two thirds, 160 000 rules need about 92 MiB.
	debug.SetGCPercent(70)
	debug.SetMemoryLimit(1 << 30)        // far below that of the sandbox
	exec, _ := propose.ParseExec(f.Exec) // kong has checked the word
	options := propose.Options{
		Exec: exec, Policy: f.policy(),
		Exact: f.Exact, NoVariables: f.NoVariables, Glob: f.Glob, SinceReload: f.SinceReload, ShowAllowed: f.ShowAllowed,
	}
	if options.Parser, _ = strconv.Atoi(f.Parser); options.Parser == 0 && options.Policy != nil {
		options.Parser = options.Policy.Parser()
	}
	last := propose.New(options)
	var incomplete error
	g := stage.Generator{
		Lang: record.AppArmor,
		New: func() (stage.Proposer, error) {
			incomplete = cmp.Or(incomplete, last.Complete())
			last = propose.New(options)
			return proposer{last}, nil
		},
	}
	switch {
	case f.Explain != "":
		g.Text = func(rules iter.Seq[record.Rule], _ iter.Seq[record.Note]) iter.Seq[[]byte] {
			for range rules { // they are counted, though not printed
			}
			return slices.Values([][]byte{last.AppendExplanation(nil, f.Explain)})
		}
	case f.Raw:
		g.Text = propose.Text
	}
	if err := g.Run(s, f.Empty); err != nil {
		return err
	}
	if incomplete = cmp.Or(incomplete, last.Complete()); incomplete != nil {
		s.Unusable("", 0, incomplete)
	}
	return nil
}

// proposer makes the methods of the two generators alike.
type proposer struct{ *propose.Proposer }

func (p proposer) Rules() (iter.Seq[record.Rule], error) { return p.Proposer.Rules(), nil }
