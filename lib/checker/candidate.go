package checker

import (
	"errors"
	"fmt"
)

// A Candidate is a whole file as it would be.
type Candidate struct {
	Name string // base name of a file of AppArmor additions
	Text []byte
	Old  []byte // what the file holds now; nil where it is not there
}

// A Refusal is what a program says against a candidate.
type Refusal struct {
	Program string
	Says    string // its first words, as they came
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s refuses it: %s", r.Program, r.Says) }

func refused(err error) bool {
	var r *Refusal
	return errors.As(err, &r)
}

// ErrMissing is in the chain of an error that says which program is not there.
var ErrMissing = errors.New("not installed")

// Firewall returns nil where the system's programs have nothing against a firewall
// file, a *Refusal where one has, and another error where none could be asked.
func Firewall(syntax string, text []byte) error {
	switch syntax {
	case "nft":
		return checkNFT(text)
	case "iptables-restore":
		return checkRestore(text)
	}
	return fmt.Errorf("no program knows the syntax %q", syntax)
}
