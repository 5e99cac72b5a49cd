//go:build !race

package sandbox

const RaceDetector = false
