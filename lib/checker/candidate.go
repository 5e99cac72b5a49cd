package checker

import (
	"errors"
	"fmt"

	"github.com/sl-suite/sl/lib/record"
)

// A Candidate is a whole file as it would be.
type Candidate struct {
	Lang   string // record.AppArmor or record.Netfilter
	Syntax string // of a firewall file: nft or iptables-restore
	Name   string // base name of a file of AppArmor additions
	Text   []byte
	Old    []byte // what the file holds now
}

// A Refusal is what a program says against a candidate.
type Refusal struct {
	Program string
	Says    string // its first words, as they came
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s refuses it: %s", r.Program, r.Says) }

// ErrMissing is in the chain of an error that says which program is not there.
var ErrMissing = errors.New("not installed")

// Check returns nil where the system's programs have nothing against c, a *Refusal
// where one has, and another error where none could be asked. The AppArmor policy
// that additions are part of is in the working directory.
func Check(c Candidate) error {
	switch {
	case c.Lang == record.AppArmor:
		return checkAdditions(c)
	case c.Syntax == "nft":
		return checkNFT(c)
	case c.Syntax == "iptables-restore":
		return checkRestore(c)
	}
	return fmt.Errorf("no program knows the syntax %q", c.Syntax)
}
