package broker

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// An attr is one extended attribute, xattr(7). Access control lists and security
// labels are among them.
type attr struct {
	name  string
	value []byte
}

// The kernel's bounds, linux/limits.h: with buffers of that size neither call
// needs a second try.
const (
	maxAttrNames = 64 << 10 // XATTR_LIST_MAX
	maxAttrValue = 64 << 10 // XATTR_SIZE_MAX
	maxAttrBytes = 1 << 20  // of all values together; ours
)

// madeByKernel names the attributes that hold for the old bytes only.
func madeByKernel(name string) bool {
	return name == "security.ima" || name == "security.evm"
}

// readAttrs returns what is to be kept, sorted by name.
func readAttrs(sys system, fd int, path string) ([]attr, error) {
	names := make([]byte, maxAttrNames)
	n, err := sys.flistxattr(fd, names)
	if err == unix.ENOTSUP {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the extended attributes of %s: %w", path, err)
	}
	var (
		attrs []attr
		total int
		value []byte
	)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names[:n]), "\x00"), "\x00") {
		if name == "" || madeByKernel(name) {
			continue
		}
		if value == nil {
			value = make([]byte, maxAttrValue)
		}
		n, err := sys.fgetxattr(fd, name, value)
		if err != nil {
			return nil, fmt.Errorf("read the extended attribute %.255q of %s: %w", name, path, err)
		}
		if total += n; total > maxAttrBytes {
			return nil, &Refusal{Subject: path, Reason: "has more than 1 MiB of extended attributes"}
		}
		attrs = append(attrs, attr{name, bytes.Clone(value[:n])})
	}
	slices.SortFunc(attrs, func(a, b attr) int { return strings.Compare(a.name, b.name) })
	return attrs, nil
}

func sameAttrs(a, b []attr) bool {
	return slices.EqualFunc(a, b, func(x, y attr) bool { return x.name == y.name && bytes.Equal(x.value, y.value) })
}

// dress gives the new file fd what the old one had: extended attributes first
// (an access list overlaps with the mode), then the mode, then the owner, after
// which only a privileged process could change the rest. Each is left alone
// where it is right already: the label of a new file may not be ours to set.
func dress(sys system, fd int, old snapshot, path string) error {
	have, err := readAttrs(sys, fd, path)
	if err != nil {
		return err
	}
	for _, a := range have { // a default access list of the folder, say
		if !slices.ContainsFunc(old.attrs, func(b attr) bool { return b.name == a.name }) {
			if err := sys.fremovexattr(fd, a.name); err != nil {
				return fmt.Errorf("remove the extended attribute %.255q of %s: %w", a.name, path, err)
			}
		}
	}
	for _, a := range old.attrs {
		if slices.ContainsFunc(have, func(b attr) bool { return b.name == a.name && bytes.Equal(a.value, b.value) }) {
			continue
		}
		if err := sys.fsetxattr(fd, a.name, a.value); err != nil {
			return fmt.Errorf("keep the extended attribute %.255q of %s: %w", a.name, path, err)
		}
	}
	if err := sys.fchmod(fd, old.stat.Mode&0o777); err != nil { // snap refuses other bits
		return fmt.Errorf("keep the mode of %s: %w", path, err)
	}
	now, err := sys.fstat(fd)
	if err != nil {
		return fmt.Errorf("stat the new %s: %w", path, err)
	}
	if now.Uid == old.stat.Uid && now.Gid == old.stat.Gid && now.Mode == old.stat.Mode {
		return nil
	}
	if err := sys.fchown(fd, int(old.stat.Uid), int(old.stat.Gid)); err != nil {
		return fmt.Errorf("keep the owner %d:%d of %s: %w", old.stat.Uid, old.stat.Gid, path, err)
	}
	// The kernel may have taken bits of the mode away without an error.
	if now, err = sys.fstat(fd); err != nil {
		return fmt.Errorf("stat the new %s: %w", path, err)
	}
	if now.Mode != old.stat.Mode {
		return fmt.Errorf("keep the mode of %s: want %04o, have %04o", path, old.stat.Mode&0o777, now.Mode&0o7777)
	}
	return nil
}
