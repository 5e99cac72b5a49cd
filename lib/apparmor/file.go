package apparmor

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// File grants accesses to the paths that match Path.
type File struct {
	Owner  bool // only where the file belongs to the fsuid
	Path   Pattern
	Access FileAccess
	Exec   Exec   // how to execute it, NoExec for not at all
	To     string // the profile to execute it in, for px, cx and their kin; "" for the one found by name
}

// FileAccess is a set of accesses to a file other than execution.
type FileAccess uint8

// The accesses, in the order of their letters. Write covers what Append allows;
// a rule has one of them.
const (
	Read FileAccess = 1 << iota
	Write
	Append
	Lock
	MakeLink // the letter l; Link rules name the other end, too
	Mmap     // map as executable
)

const fileLetters = "rwaklm"

// Union returns the accesses in either set, without an Append that a Write
// covers.
func (a FileAccess) Union(b FileAccess) FileAccess {
	a |= b
	if a&Write != 0 {
		a &^= Append
	}
	return a
}

// Minus returns the accesses of a that b does not grant.
func (a FileAccess) Minus(b FileAccess) FileAccess {
	if b&Write != 0 {
		b |= Append
	}
	return a &^ b
}

// Class returns ClassFile.
func (File) Class() Class { return ClassFile }

func (f File) appendText(dst []byte) []byte {
	if f.Owner {
		dst = append(dst, "owner "...)
	}
	dst = f.Path.appendName(dst)
	dst = append(dst, ' ')
	dst = f.appendLetters(dst)
	if f.To != "" {
		dst = append(dst, ` -> "`...)
		dst = append(dst, f.To...)
		dst = append(dst, '"')
	}
	return dst
}

func (f File) appendLetters(dst []byte) []byte {
	for i := range len(fileLetters) {
		if f.Access>>i&1 != 0 {
			dst = append(dst, fileLetters[i])
		}
	}
	return append(dst, f.Exec.String()...)
}

func (f File) appendAttrs(attrs []record.Attr) []record.Attr {
	if f.Owner {
		attrs = append(attrs, record.Attr{Name: "owner", Flag: true})
	}
	attrs = appendPattern(attrs, "path", f.Path)
	attrs = append(attrs, record.Attr{Name: "access", Text: string(f.appendLetters(nil))})
	if f.To != "" {
		attrs = append(attrs, record.Attr{Name: "to", Text: f.To})
	}
	return attrs
}

func parseFile(s *scanner, owner, deny bool) Body {
	f := File{Owner: owner, Path: s.path()}
	s.expect(" ")
	letters := s.word("access letters")
	rest := letters
	for i := range len(fileLetters) {
		if strings.HasPrefix(rest, fileLetters[i:i+1]) {
			f.Access |= 1 << i
			rest = rest[1:]
		}
	}
	exec, ok := parseExec(rest)
	switch {
	case s.err != nil:
	case !ok:
		s.fail("unknown access %q", letters)
	case f.Access.Union(0) != f.Access:
		s.fail("access %q has both w and a", letters)
	case exec != NoExec && (exec == DenyExec) != deny:
		s.fail("x stands alone in deny rules and only there")
	}
	f.Exec = exec
	if s.accept(` -> "`) {
		f.To = s.profile()
		if !exec.hasTarget() {
			s.fail("no profile can be named for %q", letters)
		}
	}
	return f
}

// profile reads the rest of a quoted profile name that knows no escapes.
func (s *scanner) profile() string {
	name, _, ok := strings.Cut(s.text[s.pos:], `"`)
	if !ok || !plainProfile(name) {
		s.fail("expected the plain name of a profile")
		return ""
	}
	s.pos += len(name) + 1
	return name
}

func (f File) target() Body { return File{Owner: f.Owner, Path: f.Path} }

// union of two different ways to execute a file keeps the one that leaves the
// program more confined: apparmor_parser refuses a profile with both.
func (f File) union(o Body) Body {
	g := o.(File)
	f.Access = f.Access.Union(g.Access)
	switch {
	case g.Exec == NoExec:
	case f.Exec == NoExec || g.Exec < f.Exec || g.Exec == f.Exec && g.To < f.To:
		f.Exec, f.To = g.Exec, g.To
	}
	return f
}

// minus returns what f grants beyond o.
func (f File) minus(o File) (rest File, any bool) {
	f.Access = f.Access.Minus(o.Access)
	if o.Exec != NoExec {
		f.Exec, f.To = NoExec, ""
	}
	return f, f.Access != 0 || f.Exec != NoExec
}
