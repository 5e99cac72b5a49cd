package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/sl-suite/sl/lib/apparmor/policy"
	"github.com/sl-suite/sl/lib/folder"
	"github.com/sl-suite/sl/lib/stage"
)

// defaultPolicy is read unless an option says otherwise, where it exists.
const defaultPolicy = "/etc/apparmor.d"

// open reads the policy files whole, for the second start has no files. They are
// taken apart there.
func (f *flags) open(*stage.First) (err error) {
	if f.NoPolicy {
		return nil
	}
	dir := f.Policy
	if dir == "" {
		dir = defaultPolicy
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	if f.Installed, err = folder.Read(dir); err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	return nil
}

// policy takes the files apart, in the second start; nil where there are none.
func (f *flags) policy() *policy.Policy {
	if f.Installed.Dir == "" {
		return nil
	}
	return policy.New(f.Installed.Dir, f.Installed.Texts(), f.Installed.Problems...)
}
