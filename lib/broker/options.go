package broker

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/apparmor/header"
	"github.com/sl-suite/sl/lib/record"
)

// Options say what the broker may write, and where.
type Options struct {
	Targets []Target
	Trust   record.Trust // rules of lower trust are refused: none, for the zero value; sl-write asks for TrustKernel
	Danger  uint8        // the danger from which rules are refused, 1 to 9; 0 leaves it to the decisions, and is else 7
	Backup  string       // suffix of the copies of replaced files; "" makes none
	State   *State       // nil where no read positions are kept
	DryRun  bool         // Plan only: takes no lock, so that a look disturbs nobody
	Owner   *Owner       // of what it makes; nil where that is not known

	Decisions Decisions
}

// A Target is where the rules of one language go.
type Target struct {
	Folder int    // open descriptor of the folder, for reading (not O_PATH); stays the caller's
	Path   string // of the folder, or of the firewall file, as messages shall call it
	Name   string // the firewall file's base name in Folder; "" for a folder of AppArmor additions
	Syntax string // of the firewall file: record.Rule.Syntax of the rules that go there

	// Of a folder: the policy that it stands in.
	Locals *header.Locals  // who includes its files; nil where there is no policy
	Place  *apparmor.Place // what rules mean there; nil for what they mean on Debian
	Policy string          // the folder of the policy, as messages shall call it
	New    bool            // take rules of profiles that the policy does not have
	Files  int             // how many files the folder holds
}

// A State is the file that keeps how far the sources were read, for a later run
// to go on. It is replaced whole.
type State struct {
	Folder int    // as in Target
	Path   string // as messages shall call it
	Name   string // base name in Folder
}

// check refuses names that are none, and targets of which one would never get a
// rule because another one takes them all.
func (o Options) check() error {
	if len(o.Targets) == 0 {
		return errors.New("no target")
	}
	for i, t := range o.Targets {
		if err := t.check(); err != nil {
			return fmt.Errorf("%s: %w", t.Path, err)
		}
		for _, other := range o.Targets[:i] {
			if t.takesLike(other) {
				return fmt.Errorf("%s and %s take the same rules", other.Path, t.Path)
			}
		}
	}
	if err := o.checkDanger(); err != nil {
		return err
	}
	if o.State != nil {
		if err := checkName(o.State.Name); err != nil {
			return fmt.Errorf("%s: %w", o.State.Path, err)
		}
	}
	if o.Backup != "" {
		if err := checkName("x" + o.Backup); err != nil {
			return fmt.Errorf("backup suffix: %w", err)
		}
	}
	return nil
}

func (o Options) checkDanger() error {
	said := o.Decisions.limit
	switch {
	case o.Danger > maxDanger:
		return fmt.Errorf("danger %d: want 1 to %d", o.Danger, maxDanger)
	case o.Danger != 0 && said != 0 && o.Danger != said:
		return fmt.Errorf("--danger %d, but the decisions say danger %d: want one of them", o.Danger, said)
	}
	return nil
}

// limit is the danger from which a rule is refused unless the decisions name it.
func (o Options) limit() uint8 { return cmp.Or(o.Danger, o.Decisions.limit, defaultDanger) }

func (t Target) check() error {
	if t.Name != "" {
		return checkName(t.Name)
	}
	return nil
}

// takes reports whether a rule of that language and syntax goes to t.
func (t Target) takes(lang, syntax string) bool {
	if t.Name == "" {
		return lang == record.AppArmor
	}
	return lang == record.Netfilter && syntax == t.Syntax
}

func (t Target) takesLike(o Target) bool {
	if t.Name == "" {
		return o.takes(record.AppArmor, "")
	}
	return o.takes(record.Netfilter, t.Syntax)
}
