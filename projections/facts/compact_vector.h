// CompactVector and CompactString: eight bytes when empty, for values that most customers lack.
//
//   CompactVector<Item> items;
//   items.Insert(items.begin() + 2, std::move(item));
//
// Threads: as safe as a plain vector. Ownership: owns its elements.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "absl/strings/string_view.h"

namespace rapport::facts {

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
    if (block_ == nullptr || block_->size == block_->capacity) {
      Reserve(size() < 4 ? size() + 1 : size() + size() / 2);
    }
    T* data = Data(block_);
    new (data + block_->size) T(std::move(value));
    std::rotate(data + at, data + block_->size, data + block_->size + 1);
    ++block_->size;
    return data + at;
  }
  void PushBack(T value) { Insert(end(), std::move(value)); }

  void Erase(const T* position) {
    T* at = begin() + (position - begin());
    std::move(at + 1, end(), at);
    Data(block_)[--block_->size].~T();
    if (block_->size == 0) Clear();
  }

  void Reserve(uint32_t capacity) {
    if (capacity == 0 || (block_ != nullptr && block_->capacity >= capacity)) return;
    auto* grown = static_cast<Block*>(std::malloc(sizeof(Block) + capacity * sizeof(T)));
    if (grown == nullptr) throw std::bad_alloc();
    grown->size = size();
    grown->capacity = capacity;
    for (uint32_t i = 0; i < size(); ++i) {
      new (Data(grown) + i) T(std::move((*this)[i]));
      (*this)[i].~T();
    }
    std::free(block_);
    block_ = grown;
  }

  void Clear() {
    for (T& value : *this) value.~T();
    std::free(block_);
    block_ = nullptr;
  }

  // Bytes on the heap, without what the elements own.
  size_t HeapBytes() const {
    return block_ == nullptr ? 0 : sizeof(Block) + block_->capacity * sizeof(T);
  }

 private:
  struct alignas(alignof(T) > 8 ? alignof(T) : 8) Block {
    uint32_t size;
    uint32_t capacity;
  };
  static T* Data(Block* block) { return reinterpret_cast<T*>(block + 1); }
  static const T* Data(const Block* block) { return reinterpret_cast<const T*>(block + 1); }

  Block* block_ = nullptr;
};

// A short text that rarely changes.
class CompactString {
 public:
  CompactString() = default;
  explicit CompactString(absl::string_view text) {
    if (text.empty()) return;
    bytes_ = static_cast<char*>(std::malloc(sizeof(uint32_t) + text.size()));
    if (bytes_ == nullptr) throw std::bad_alloc();
    const auto size = static_cast<uint32_t>(text.size());
    std::memcpy(bytes_, &size, sizeof(size));
    std::memcpy(bytes_ + sizeof(size), text.data(), text.size());
  }
  CompactString(const CompactString& other) : CompactString(other.view()) {}
  CompactString(CompactString&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}
  CompactString& operator=(CompactString other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~CompactString() { std::free(bytes_); }

  absl::string_view view() const {
    if (bytes_ == nullptr) return {};
    uint32_t size;
    std::memcpy(&size, bytes_, sizeof(size));
    return {bytes_ + sizeof(size), size};
  }
  bool empty() const { return bytes_ == nullptr; }
  size_t HeapBytes() const { return bytes_ == nullptr ? 0 : sizeof(uint32_t) + view().size(); }

 private:
  char* bytes_ = nullptr;
};

inline bool operator==(const CompactString& a, const CompactString& b) {
  return a.view() == b.view();
}

}  // namespace rapport::facts
