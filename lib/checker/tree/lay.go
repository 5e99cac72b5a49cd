package tree

import (
	"fmt"
	"os"
	"path/filepath"
)

// Lay writes the tree into its folder, which is empty.
func (t *Tree) Lay() error {
	for _, n := range t.Nodes {
		at := filepath.Join(t.Dir, n.Name)
		var err error
		switch n.Kind {
		case Folder:
			err = os.Mkdir(at, 0o700)
		case Link:
			err = os.Symlink(filepath.Join(t.Dir, string(n.Text)), at)
		case File:
			err = os.WriteFile(at, n.Text, 0o600)
		}
		if err != nil {
			return fmt.Errorf("lay the policy out: %w", err)
		}
	}
	return nil
}
