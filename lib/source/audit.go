package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
)

// AuditFolder and AuditLog are where auditd keeps its log, unless its log_file says
// otherwise (auditd.conf(5)).
const (
	AuditFolder = "/var/log/audit"
	AuditLog    = AuditFolder + "/audit.log"
)

// IsAuditPath reports whether a path without links is auditd's log, or one that
// auditd or logrotate(8) has renamed: audit.log.1, audit.log-20261122.
func IsAuditPath(path string) bool {
	suffix, ok := strings.CutPrefix(path, AuditLog)
	for ok && suffix != "" {
		rest := strings.TrimLeft(suffix[1:], "0123456789")
		ok = (suffix[0] == '.' || suffix[0] == '-') && len(rest) < len(suffix)-1
		suffix = rest
	}
	return ok
}

// byPath reports whether an open file, named by path, is auditd's: whatever links
// led to it, the name in auditd's folder is that of the same file, and nobody but
// root can have put or changed it there.
func byPath(fd int, src *record.Source, path string) bool {
	real, err := filepath.Abs(path)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	if err != nil || !IsAuditPath(real) {
		return false
	}
	var here, there unix.Stat_t
	return RootsFolder(AuditFolder) && Vouchable(src, 0) && unix.Fstat(fd, &here) == nil && unix.Lstat(real, &there) == nil &&
		here.Dev == there.Dev && here.Ino == there.Ino
}

// RootsFolder reports whether a path is a folder of root's in which nobody else can
// rename anything.
func RootsFolder(path string) bool {
	var st unix.Stat_t
	return unix.Lstat(path, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFDIR && st.Uid == 0 && st.Mode&0o022 == 0
}

// OpenAudit is Open for a log of which the user says that nobody but auditd has
// written it. That cannot be where others than root and the user may write.
func OpenAudit(path string) (fd int, src record.Source, err error) {
	fd, src, err = Open(path)
	if err == nil && !Vouchable(&src, uint32(os.Getuid())) {
		unix.Close(fd)
		return -1, src, errVouch
	}
	if err != nil || src.Audit != "" {
		return fd, src, err
	}
	return fd, WithAudit(src, record.AuditVouched), nil
}

var errVouch = errors.New("--audit takes a regular file that only root or you can write")

// Vouchable reports whether a user's word is taken for a source: it is a file that
// only root or that user can write.
func Vouchable(src *record.Source, user uint32) bool {
	var mode uint32
	for _, digit := range src.Mode {
		mode = mode<<3 | uint32(digit-'0')
	}
	return src.Kind == "file" && (src.UID == 0 || src.UID == user) && mode&0o022 == 0
}

// WithAudit returns the source with another Source.Audit, and so with another id.
func WithAudit(src record.Source, why string) record.Source {
	src.Audit = why
	src.ID = id(&src)
	return src
}

// Again says of a file that has taken the name of one with this Source.Audit, in the
// same folder, whether the same goes for it.
func Again(src record.Source, why string, user uint32) record.Source {
	switch {
	case why == record.AuditPath && Vouchable(&src, 0), why == record.AuditVouched && Vouchable(&src, user):
		return WithAudit(src, why)
	}
	return src
}
