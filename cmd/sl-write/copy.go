package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/checker"
	"github.com/sl-suite/sl/lib/checker/tree"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/stage"
)

// What may be put into the copy of the policy beyond what is in it: the files of a
// run, in which all rules together may take 256 MiB, and what is made of profiles.
const (
	moreBytes = 512 << 20
	moreFiles = 1 << 16

	parserConf = "/etc/apparmor/parser.conf"
)

// copyPolicy reads the policy that the folder among the targets is a part of, for the
// companion, which lays it out in a folder of its own at the same place. It is done
// with all rights, before a byte of the input is read: a profile can be for root only,
// and must still compile. The companion sees what root can read, and nobody else.
func (f *flags) copyPolicy(companion *sandbox.Handoff, path, folder string) error {
	dir, surely := policyOf(path, folder)
	if dir == "" {
		return nil
	}
	t, err := tree.Read(dir, surely)
	switch {
	case errors.Is(err, fs.ErrPermission):
		f.Unseen = err.Error()
		return nil
	case errors.Is(err, tree.ErrLarge) && !surely:
		return nil // somebody's home
	case errors.Is(err, tree.ErrLarge):
		return stage.WithHint(fmt.Errorf("%w: the rules cannot be checked in it", err), "--no-check leaves the check out")
	case err != nil:
		return err
	}
	fd, err := writeCopy(t)
	if err != nil {
		return err
	}
	f.PolicyDir, f.Additions = dir, folder
	if rel, err := filepath.Rel(dir, folder); err != nil || !filepath.IsLocal(rel) {
		f.Additions = filepath.Join(dir, filepath.Base(path)) // a link leads to it
	}
	companion.Inputs = []int{fd}
	companion.Scratch = &sandbox.Scratch{Path: dir, Bytes: t.Bytes() + moreBytes, Files: uint64(len(t.Nodes)) + moreFiles}
	if conf, err := os.ReadFile(parserConf); err == nil {
		f.ParserOptions = checker.Options(conf)
	}
	return nil
}

// policyOf returns the policy that a folder of additions is part of, "" for none. It
// is surely one where it has what the others include.
func policyOf(path, folder string) (dir string, surely bool) {
	named, err := filepath.Abs(path)
	if err != nil {
		named = folder
	}
	for _, from := range []string{folder, named} {
		for dir := from; dir != "/"; dir = filepath.Dir(dir) {
			if isPolicy(dir) {
				return resolved(dir), true
			}
		}
	}
	for _, from := range []string{folder, named} {
		for ; from != "/"; from = filepath.Dir(from) {
			if filepath.Base(from) == "local" && filepath.Dir(from) != "/" {
				return resolved(filepath.Dir(from)), false
			}
		}
	}
	return "", false
}

// isPolicy reports whether a folder has what the profiles of a policy include.
func isPolicy(dir string) bool {
	for _, part := range []string{"tunables", "abstractions", "abi"} {
		if st, err := os.Stat(filepath.Join(dir, part)); err == nil && st.IsDir() {
			return true
		}
	}
	return false
}

func resolved(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}

// writeCopy encodes the policy into memory that the companion gets.
func writeCopy(t *tree.Tree) (fd int, err error) {
	if fd, err = unix.MemfdCreate("policy", unix.MFD_CLOEXEC); err != nil {
		return -1, fmt.Errorf("memfd_create: %w", err)
	}
	for b := t.Append(nil); len(b) > 0; {
		n, err := unix.Write(fd, b)
		if err != nil && err != unix.EINTR {
			return -1, &sandbox.LayerError{Layer: "rlimits", Err: fmt.Errorf("memfd: %w", err)}
		}
		b = b[max(n, 0):]
	}
	return fd, nil
}

func readCopy(fd int) (*tree.Tree, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, err
	}
	b := make([]byte, st.Size)
	for n := 0; n < len(b); {
		m, err := unix.Pread(fd, b[n:], int64(n))
		if err != nil && err != unix.EINTR || err == nil && m == 0 {
			return nil, fmt.Errorf("the copy of the policy: %w", errors.Join(err, fs.ErrInvalid))
		}
		n += max(m, 0)
	}
	unix.Close(fd)
	return tree.Decode(b)
}
