// CompactVector and CompactString: eight bytes when empty, for values that most customers lack.
//
//   CompactVector<Item> items;
//   items.Insert(items.begin() + 2, std::move(item));
//
// Elements are moved as bytes, so they must not point into themselves. A text of up to seven bytes
// needs no memory of its own.
//
// Threads: as safe as a plain vector. Ownership: owns its elements.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "absl/strings/string_view.h"
#include "engine/base/check.h"

namespace rapport {

inline constexpr size_t kCacheLine = 64;
// What an allocator hands out for `bytes`: steps of 16 up to 128, then four to each doubling.
constexpr size_t InMemorySteps(size_t bytes) {
  const size_t step = bytes <= 128 ? 16 : std::bit_floor(bytes - 1) / 4;
  return (bytes + step - 1) / step * step;
}

template <typename T>
class CompactVector {
 public:
  CompactVector() = default;
  CompactVector(const CompactVector& other) {
    Reserve(other.size());
    for (const T& value : other) Insert(end(), value);
  }
  CompactVector(CompactVector&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  CompactVector& operator=(CompactVector other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~CompactVector() { Clear(); }

  uint32_t size() const { return block_ == nullptr ? 0 : block_->size; }
  bool empty() const { return size() == 0; }
  T* begin() { return block_ == nullptr ? nullptr : Data(block_); }
  T* end() { return begin() + size(); }
  const T* begin() const { return block_ == nullptr ? nullptr : Data(block_); }
  const T* end() const { return begin() + size(); }
  T& operator[](uint32_t i) { return begin()[i]; }
  const T& operator[](uint32_t i) const { return begin()[i]; }
  T& back() { return begin()[size() - 1]; }
  const T& back() const { return begin()[size() - 1]; }

  // Puts `value` before `position`; returns where it stands.
  T* Insert(const T* position, T value) {
    const auto at = static_cast<uint32_t>(position - begin());
    if (block_ == nullptr || block_->size == block_->capacity) Reserve(size() + 1 + size() / 4);
    T* data = Data(block_);
    Move(data + at + 1, data + at, block_->size - at);
    new (data + at) T(std::move(value));
    ++block_->size;
    return data + at;
  }
  void PushBack(T value) { Insert(end(), std::move(value)); }

  // Puts copies of `count` plain values at the end.
  void Append(const T* values, uint32_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (count == 0) return;
    const uint32_t wanted = size() + count;
    if (block_ == nullptr || block_->capacity < wanted) Reserve(wanted + size() / 4);
    std::memcpy(end(), values, count * sizeof(T));
    block_->size = static_cast<Count>(wanted);
  }

  void Erase(const T* position) {
    T* at = begin() + (position - begin());
    at->~T();
    Move(at, at + 1, static_cast<size_t>(end() - at - 1));
    if (--block_->size == 0) Clear();
  }

  // Takes `gone` out and puts `value` before `position`, in one pass. REQUIRES: gone < position.
  void Replace(const T* gone, const T* position, T value) {
    T* from = begin() + (gone - begin());
    T* at = begin() + (position - begin()) - 1;
    from->~T();
    Move(from, from + 1, static_cast<size_t>(at - from));
    new (at) T(std::move(value));
  }

  // Makes room for `capacity` elements at least.
  void Reserve(uint32_t capacity) {
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    if (capacity == 0 || (block_ != nullptr && block_->capacity >= capacity)) return;
    const size_t bytes = InMemorySteps(sizeof(Block) + capacity * sizeof(T));
    const size_t room = (bytes - sizeof(Block)) / sizeof(T);
    RAPPORT_CHECK(capacity <= kMost) << "more elements than this vector can hold";
    const uint32_t before = size();
    auto* grown = static_cast<Block*>(::operator new(bytes));
    if (block_ != nullptr) {
      Move(Data(grown), Data(block_), before);
      Free(block_);
    }
    block_ = grown;
    block_->size = static_cast<Count>(before);
    block_->capacity = static_cast<Count>(std::min<size_t>(room, kMost));
  }

  void Clear() {
    for (T& value : *this) value.~T();
    if (block_ != nullptr) Free(block_);
    block_ = nullptr;
  }

  // Asks the memory for the first elements.
  void Prefetch() const {
    if (block_ == nullptr) return;
    const char* bytes = reinterpret_cast<const char*>(block_);
    __builtin_prefetch(bytes);
    __builtin_prefetch(bytes + kCacheLine);
  }

  // Asks the memory for the last elements, as far as they are few. It looks at the first ones.
  void PrefetchEnd() const {
    if (block_ == nullptr) return;
    const char* from = reinterpret_cast<const char*>(end());
    const size_t bytes = std::min(size() * sizeof(T), kCacheLine * kPrefetchLines);
    for (size_t at = 0; at < bytes; at += kCacheLine) __builtin_prefetch(from - 1 - at);
  }

  // Bytes on the heap, without what the elements own.
  size_t HeapBytes() const { return block_ == nullptr ? 0 : BytesOf(*block_); }

 private:
  // Small elements come in small numbers.
  using Count = std::conditional_t<(alignof(T) >= 8), uint32_t, uint16_t>;
  static constexpr size_t kMost = static_cast<Count>(-1);
  static constexpr size_t kPrefetchLines = 8;

  struct alignas(alignof(T) > alignof(Count) ? alignof(T) : alignof(Count)) Block {
    Count size;
    Count capacity;
  };
  static T* Data(Block* block) { return reinterpret_cast<T*>(block + 1); }
  static const T* Data(const Block* block) { return reinterpret_cast<const T*>(block + 1); }
  static size_t BytesOf(const Block& block) {
    return InMemorySteps(sizeof(Block) + block.capacity * sizeof(T));
  }
  // With its size, so that the allocator need not look up a block that is far from the cache.
  static void Free(Block* block) { ::operator delete(block, BytesOf(*block)); }
  static void Move(T* to, T* from, size_t count) {
    std::memmove(static_cast<void*>(to), static_cast<const void*>(from), count * sizeof(T));
  }

  Block* block_ = nullptr;
};

// A short text that rarely changes.
class CompactString {
 public:
  CompactString() = default;
  explicit CompactString(absl::string_view text) {
    if (text.empty()) return;
    if (text.size() <= kInlineMax) {
      word_ = text.size() << 1 | 1;
      std::memcpy(inline_bytes(), text.data(), text.size());
      return;
    }
    char* bytes = static_cast<char*>(::operator new(sizeof(uint32_t) + text.size()));
    const auto size = static_cast<uint32_t>(text.size());
    std::memcpy(bytes, &size, sizeof(size));
    std::memcpy(bytes + sizeof(size), text.data(), text.size());
    word_ = reinterpret_cast<uint64_t>(bytes);
  }
  CompactString(const CompactString& other) {
    if (other.is_inline()) {
      word_ = other.word_;
    } else {
      CompactString copy(other.view());
      std::swap(word_, copy.word_);
    }
  }
  CompactString(CompactString&& other) noexcept : word_(std::exchange(other.word_, 0)) {}
  CompactString& operator=(CompactString other) noexcept {
    std::swap(word_, other.word_);
    return *this;
  }
  ~CompactString() {
    if (!is_inline()) ::operator delete(heap_bytes(), sizeof(uint32_t) + view().size());
  }

  // Good until the string is moved or gone.
  absl::string_view view() const {
    if (word_ == 0) return {};
    if (is_inline()) return {inline_bytes(), (word_ & 0xFF) >> 1};
    uint32_t size;
    std::memcpy(&size, heap_bytes(), sizeof(size));
    return {heap_bytes() + sizeof(size), size};
  }
  bool empty() const { return word_ == 0; }
  size_t HeapBytes() const {
    return is_inline() ? 0 : InMemorySteps(sizeof(uint32_t) + view().size());
  }

 private:
  static constexpr size_t kInlineMax = 7;
  static_assert(std::endian::native == std::endian::little,
                "the first byte says where the text is");
  static_assert(sizeof(char*) == sizeof(uint64_t), "a pointer fills the word");

  // Nothing is on the heap.
  bool is_inline() const { return word_ == 0 || (word_ & 1) != 0; }
  char* inline_bytes() { return reinterpret_cast<char*>(&word_) + 1; }
  const char* inline_bytes() const { return reinterpret_cast<const char*>(&word_) + 1; }
  char* heap_bytes() const { return reinterpret_cast<char*>(word_); }

  // 0: empty. Odd: size and bytes of a short text. Else where a longer one lies.
  uint64_t word_ = 0;
};

inline bool operator==(const CompactString& a, const CompactString& b) {
  return a.view() == b.view();
}

}  // namespace rapport
