// Sl-write checks rules and writes them into a policy, or shows what it would
// change.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/sl-suite/sl/lib/folder"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/stage"
)

// defaultTarget is the place that AppArmor has for local additions.
const defaultTarget = "/etc/apparmor.d/local"

type flags struct {
	stage.Common
	DryRun    bool           `short:"n" help:"show the changes as a unified diff and write nothing"`
	Empty     bool           `short:"e" help:"with -n: exit with 4 where something would change"`
	Diff      bool           `help:"show the changes as a unified diff, then write them"`
	Trust     string         `enum:"kernel,daemon,log,none" default:"kernel" placeholder:"LEVEL" help:"the least trust of a rule: kernel, daemon, log or none"`
	Danger    string         `placeholder:"N" help:"refuse rules of danger N, 1 to 9, and above (7)"`
	Decisions string         `placeholder:"FILE" help:"what may be written although it is dangerous, see the page"`
	Policy    string         `hidden:""`
	New       bool           `help:"take rules of a profile that is not among those beside the folder"`
	Syntax    string         `enum:"nft,iptables-restore" default:"nft" placeholder:"nft|iptables-restore" help:"the syntax of a TARGET that is a file"`
	Backup    stage.Optional `placeholder:"SUFFIX" help:"keep a copy of each file that is replaced (.bak)"`
	NoCheck   bool           `help:"do not ask apparmor_parser, nft or iptables-restore what they say of a file"`
	Targets   []string       `arg:"" optional:"" name:"target" help:"folders for AppArmor rules, files for firewall rules"`

	Resolved      []target `kong:"-"` // the operands, as the first start found them
	DecisionsText []byte   `kong:"-"` // what stands in the file of --decisions
	PolicyDir     string   `kong:"-"` // the AppArmor policy that the companion has a copy of, "" for none
	Additions     string   `kong:"-"` // where in it the folder among the targets stands
	Unseen        string   `kong:"-"` // why it has none, where there is one
	ParserOptions []string `kong:"-"` // of parser.conf(5)
	User          int      `kong:"-"` // whose files those will be that are made
	Groups        []int    `kong:"-"`

	Files     int          `kong:"-"` // how many files that folder holds
	Installed folder.Files `kong:"-"` // the policy's files
	Closed    bool         `kong:"-"` // they may not be read
}

// Validate refuses a limit that is none, and the name that --decisions had: elsewhere
// --policy is AppArmor's folder.
func (f *flags) Validate() error {
	if f.Policy != "" {
		return stage.WithHint(errors.New("unknown flag --policy"), "the file of what may be written is --decisions FILE")
	}
	if f.Danger != "" && (len(f.Danger) != 1 || f.Danger < "1" || f.Danger > "9") {
		return fmt.Errorf("--danger: want 1 to 9, have %.40q", f.Danger)
	}
	return nil
}

func main() {
	var f flags
	os.Exit(stage.Main(&stage.Program{
		Name:       "sl-write",
		About:      "check rules and write them into a policy, all or nothing",
		Synopsis:   []string{"[-enq] [--diff] [--no-check] [--trust LEVEL] [--danger N] [--decisions FILE] [--new] [--syntax SYNTAX] [--backup[=SUFFIX]] [TARGET...]"},
		Flags:      &f,
		ReadsInput: true,
		Policy:     sandbox.Policy{Calls: "write", Data: 1 << 30},
		Open:       f.open,
		Run:        f.run,
		Companions: f.companions(),
	}))
}

// The companion that runs the system's programs: nft and iptables-restore need a
// network of their own.
const (
	checksAdditions = iota
	checksFirewalls
)

func (f *flags) companions() []stage.Companion {
	c := stage.Companion{
		Policy: sandbox.Policy{Calls: "run", Data: 4 << 30},
		With:   sandbox.Policy{Calls: "write", Data: 1 << 30},
		Does:   "checks",
		Run:    f.judge,
		Hint:   "--no-check leaves out what needs it",
	}
	network := c
	c.Policy.Data = 1 << 30 // each profile is a program of its own; a firewall file is one for all
	network.Policy.Calls = "run-network"
	return []stage.Companion{checksAdditions: c, checksFirewalls: network}
}

func (f *flags) run(s *stage.Session) error {
	s.Text = true
	w, err := f.writer(s)
	if err != nil {
		return err
	}
	var before missing
	err = s.Stream(nil, func(m *record.Message, _ []byte) error {
		s.End.In++
		before.see(m)
		switch m.Type {
		case record.TypeRule:
			if err := w.broker.AddRule(&m.Rule); err != nil {
				w.refuse(err)
			}
		case record.TypeMark:
			return w.commit()
		default:
			s.End.Skipped++
		}
		return nil
	})
	if err != nil || !s.Complete() {
		return err
	}
	before.tell(s, f.Resolved)
	if err := w.commit(); err != nil {
		return err
	}
	s.Nothing = f.DryRun && f.Empty && w.changed > 0
	return nil
}
