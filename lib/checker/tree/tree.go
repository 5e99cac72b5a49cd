// Package tree copies an AppArmor policy: it reads one with all rights before a
// program locks itself in, and lays it out again where the system's programs are to
// look at it. It takes nothing apart.
//
// The copy is what apparmor_parser(8) would read. A link that leads out of the policy
// is followed, one that stays in it remains a link. What is neither a file nor a folder
// is left out.
package tree

import (
	"errors"
	"fmt"
	"path/filepath"
)

// Bounds of what is copied. A file that is larger is left out and named; a policy
// that is larger is an error.
const (
	MaxFile    = 8 << 20  // bytes of a file
	MaxBytes   = 64 << 20 // of all files
	MaxNodes   = 1 << 15  // files and folders
	MaxFolders = 16       // in each other
)

// ErrLarge is in the chain of the error for a policy beyond the bounds.
var ErrLarge = errors.New("more than a policy has")

// A Tree is a policy.
type Tree struct {
	Dir      string   // where it stands: absolute, without links
	Nodes    []Node   // each behind the folder that it is in
	Problems []string // what was left out, and why
}

// A Node is a file or folder below Dir.
type Node struct {
	Name string
	Kind Kind
	Text []byte // of a file; of a link the name below Dir that it leads to
}

// Kind is what a node is.
type Kind byte

const (
	File   Kind = 'f'
	Folder Kind = 'd'
	Link   Kind = 'l' // to something below Dir, "." for Dir itself
)

// Bytes returns how much memory the tree takes when it is laid out, in whole pages.
func (t *Tree) Bytes() (n uint64) {
	const page = 4096
	for _, node := range t.Nodes {
		n += (uint64(len(node.Text)) + page - 1) / page * page
	}
	return n
}

func (t *Tree) problem(name string, why any) {
	t.Problems = append(t.Problems, fmt.Sprintf("%s: %v", filepath.Join(t.Dir, name), why))
}
